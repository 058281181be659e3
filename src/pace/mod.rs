//! How fast AWS may be asked: the quotas that it publishes, and what its throttles teach.
//!
//! Nothing here waits or calls. An adapter reserves a place for every attempt of every call, waits as long as it is
//! told, and tells what came of it. All of a run shares one [`Pacer`].
//!
//! | file | owns |
//! |---|---|
//! | `quota`, `table` | what AWS grants to whom: [`quota()`], [`bucket()`], [`is_serial`] |
//! | `place` | the queue of one bucket: who may send when |
//! | `lane` | what one account, region and service has been cut to after a throttle |
//! | `back_off` | how long to wait before a call is sent again, and how often it is |
//! | `pacer` | [`Pacer`]: all of that for a run |

mod back_off;
mod lane;
mod pacer;
mod place;
mod quota;
mod table;

pub use back_off::{FIRST_LIMIT, LONGEST_LIMIT, MAX_ATTEMPTS};
pub use pacer::{Answer, Asked, Pacer};
pub use quota::{Basis, Bucket, Quota, Scope, bucket, is_serial, quota};
