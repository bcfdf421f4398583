// A form in which a message is written: Enter sends, Shift+Enter begins a new line.

import { packed } from "./wire.js";

export class Composer {
  // `send(text, files)` returns whether it was sent.
  constructor(form, text, file, send) {
    this.form = form;
    this.text = text;
    this.file = file;
    this.send = send;
    form.addEventListener("submit", (event) => { event.preventDefault(); this.submit(); });
    text.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
      event.preventDefault();
      this.submit();
    });
  }

  async submit() {
    const text = this.text.value;
    const chosen = [...this.file.files];
    if (this.busy || (!text.trim() && !chosen.length)) return;
    this.busy = true;
    try {
      if (await this.send(text, await Promise.all(chosen.map(packed)))) {
        this.text.value = "";
        this.file.value = "";
      }
    } finally {
      this.busy = false;
    }
  }
}
