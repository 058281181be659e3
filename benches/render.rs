//! How long the forms of a plan of a thousand accounts take.

mod thousand;

use avm::render::json::{self, PlanDocument};
use avm::render::{Detail, Paint, html, junit, markdown, text};
use criterion::{Criterion, criterion_group, criterion_main};

fn forms(criterion: &mut Criterion) {
    let document: PlanDocument =
        serde_json::from_value(thousand::thousand()).expect("the plan of the fixture is one");
    let mut group = criterion.benchmark_group("render 17,000 steps");
    group.sample_size(10);
    group.bench_function("text", |bench| {
        bench.iter(|| text::plan(&document, Paint::Plain, Detail::Grouped));
    });
    group.bench_function("text of everything", |bench| {
        bench.iter(|| text::plan(&document, Paint::Plain, Detail::Everything));
    });
    group.bench_function("Markdown", |bench| bench.iter(|| markdown::plan(&document)));
    group.bench_function("JSON", |bench| bench.iter(|| json::plan(&document)));
    group.bench_function("HTML", |bench| bench.iter(|| html::plan(&document)));
    group.bench_function("JUnit", |bench| bench.iter(|| junit::plan(&document)));
    group.finish();
}

criterion_group!(benches, forms);
criterion_main!(benches);
