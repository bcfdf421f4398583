// Modals, the topmost of those that are open, and the question that some buttons ask before they act.

import { el } from "./dom.js";
import { blocks } from "./blocks.js";
import { textObject } from "./text.js";

export class Modal {
  // `acts` sends what is filled in: submit(view, values) -> errors or null, close(view), placeOf(view).
  constructor(node, acts) {
    this.node = node;
    this.acts = acts;
    this.shown = "";
    this.view = null;
    this.inputs = [];
    node.addEventListener("cancel", (event) => { event.preventDefault(); this.leave(); });
  }

  show(views) {
    const view = views.at(-1);
    const mark = view ? `${view.id} ${view.hash}` : "";
    if (mark === this.shown) return;
    this.shown = mark;
    this.view = view ?? null;
    if (!view) { this.node.close(); this.node.replaceChildren(); return; }
    this.node.replaceChildren(this.form(view));
    if (!this.node.open) this.node.showModal();
    const first = this.inputs[0]?.node;
    (first?.matches("input, textarea, select") ? first : first?.querySelector("input") ?? this.node.querySelector("h2")).focus();
  }

  form(view) {
    this.inputs = [];
    const { names } = this.acts.placeOf(view);
    const inside = blocks(view.blocks, { ...this.acts.placeOf(view), inputs: this.inputs });
    this.alert = el("p", { class: "alert", role: "alert" });
    const close = el("button", { type: "button", onclick: () => this.leave() }, textObject(view.close, names), view.close ? "" : "Close");
    const submit = view.submit ? el("button", { type: "submit", class: "primary", disabled: view.submit_disabled }, textObject(view.submit, names)) : "";
    return el("form", { novalidate: true, onsubmit: (event) => { event.preventDefault(); this.submit(); } },
      el("h2", { id: "modal-title", tabindex: "-1" }, textObject(view.title, names)),
      el("div", { class: "view" }, inside), this.alert, el("div", { class: "row end" }, close, submit));
  }

  leave() {
    if (this.view) this.acts.close(this.view);
  }

  async submit() {
    const values = {};
    let missing = null;
    for (const one of this.inputs) {
      const lacks = !one.optional && one.empty();
      one.tell(lacks ? "Please complete this required field." : "");
      if (lacks) missing ??= one;
      (values[one.block] ??= {})[one.action] = one.read();
    }
    if (missing) { focus(missing); return; }
    const { error, errors } = await this.acts.submit(this.view, values);
    this.alert.textContent = error ?? "";
    for (const one of this.inputs) if (errors?.[one.block]) one.tell(errors[one.block]);
    const wrong = this.inputs.find((one) => errors?.[one.block]);
    if (wrong) focus(wrong);
  }
}

function focus(input) {
  (input.group ? input.node.querySelector("input") : input.node)?.focus();
}

// Returns whether the person confirms.
export function confirmed(node, question, names) {
  return new Promise((resolve) => {
    const end = (answer) => { node.close(); node.replaceChildren(); resolve(answer); };
    node.replaceChildren(el("h2", { id: "confirm-title" }, textObject(question.title, names)),
      el("p", {}, textObject(question.text, names)),
      el("div", { class: "row end" }, el("button", { type: "button", onclick: () => end(false) }, textObject(question.deny, names)),
        el("button", { type: "button", class: question.style ?? "primary", onclick: () => end(true) }, textObject(question.confirm, names))));
    node.oncancel = (event) => { event.preventDefault(); end(false); };
    node.showModal();
  });
}
