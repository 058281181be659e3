
/// Rows that are made some at a time, when the end of those before comes into view.
class Rows {
  #items = [];
  #made = 0;

  constructor(body, noun, make, more) {
    this.body = body;
    this.noun = noun;
    this.make = make;
    this.more = more;
    this.observer = new IntersectionObserver((seen) => {
      if (seen.some((one) => one.isIntersecting)) this.add();
    }, { rootMargin: "400px", scrollMargin: "400px" });
  }

  show(items) {
    this.#items = items;
    this.#made = 0;
    this.body.replaceChildren();
    this.add();
  }

  add(most = 60) {
    const next = this.#items.slice(this.#made, this.#made + most);
    this.#made += next.length;
    const fragment = document.createDocumentFragment();
    for (const item of next) fragment.append(this.make(item));
    this.last?.remove();
    this.observer.disconnect();
    const left = this.#items.length - this.#made;
    if (left > 0) {
      const button = el("button", { type: "button", class: "quiet" }, `Show ${count(left, `more ${this.noun}`)}`);
      button.addEventListener("click", () => this.add(Infinity));
      this.last = this.more(button);
      fragment.append(this.last);
    }
    this.body.append(fragment);
    if (left > 0) this.observer.observe(this.last);
  }

  addAll() {
    if (this.#made < this.#items.length) this.add(Infinity);
  }

  /// The row of the first item of which this holds, made if need be.
  find(holds) {
    const index = this.#items.findIndex(holds);
    if (index >= this.#made) this.add(index - this.#made + 1);
    return index < 0 ? null : this.body.children[index];
  }
}
