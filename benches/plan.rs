//! How long it takes to read a company's files, and to plan what AWS has.

#[path = "scale/company.rs"]
#[expect(dead_code, reason = "functions are timed here, and not what a company does")]
mod company;

use avm::document::Source;
use avm::plan::plan;
use avm::template::Template;
use company::Company;
use criterion::{Criterion, criterion_group, criterion_main};

const TEMPLATE: &str = include_str!("../templates/kms-keys.yaml");

fn reading(criterion: &mut Criterion) {
    criterion.bench_function("parse kms-keys.yaml", |bench| {
        bench.iter(|| Template::parse(&Source::new("kms-keys.yaml", TEMPLATE)));
    });
}

fn planning(criterion: &mut Criterion) {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .start_paused(true)
        .build()
        .expect("a runtime");
    let (company, desired, observed) = runtime.block_on(async {
        let company = Company::of(100).await;
        let desired = company.desired();
        let observed = company.observe(&desired).await;
        (company, desired, observed)
    });
    let mut group = criterion.benchmark_group("100 accounts x 17 regions");
    group.sample_size(10);
    group.bench_function("read the files", |bench| bench.iter(|| company.desired()));
    group.bench_function("plan at rest", |bench| bench.iter(|| plan(&desired, &observed)));
    company.change_a_template();
    let desired = company.desired();
    let observed = runtime.block_on(company.observe(&desired));
    group.bench_function("plan a changed stack", |bench| bench.iter(|| plan(&desired, &observed)));
    group.finish();
}

criterion_group!(benches, reading, planning);
criterion_main!(benches);
