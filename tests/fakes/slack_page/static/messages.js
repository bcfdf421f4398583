// A list of messages, kept in step with what the server tells: only what changed is made anew.

import { el, replace } from "./dom.js";
import { blocks } from "./blocks.js";
import { emoji, mrkdwn } from "./text.js";

const COLOURS = 6;

function avatar(author) {
  const initials = author.name.split(/\s+/).map((one) => one[0]).slice(0, 2).join("").toUpperCase();
  const colour = [...author.id].reduce((sum, sign) => sum + sign.charCodeAt(0), 0) % COLOURS;
  return el("span", { class: `avatar ${author.bot ? "bot" : `colour-${colour}`}`, "aria-hidden": "true", text: initials });
}

function when(key) {
  const date = new Date(Number(key) * 1000);
  return el("time", { datetime: date.toISOString(), text: date.toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" }) });
}

function headline(message) {
  const marks = [message.author.bot ? "app" : "", message.edited ? "edited" : ""].filter(Boolean);
  return el("p", { class: "author" }, el("strong", { text: message.author.name }), " ",
    marks.map((one) => el("span", { class: "mark", text: one })), " ", when(message.key));
}

function body(message, acts) {
  const place = acts.placeOf(message);
  const shown = message.blocks.length ? blocks(message.blocks, place) : el("div", { class: "text" }, el("p", {}, mrkdwn(message.text, place.names)));
  const files = message.files.map((one) => el("p", { class: "picture", text: `📎 ${one}` }));
  const ended = message.ended ? el("p", { class: "help", text: message.ended === "stopped" ? "Stopped." : "Broken off." }) : "";
  return el("div", { class: "body" }, shown, files, ended);
}

function reactions(message, acts) {
  if (!message.reactions.length) return "";
  return el("div", { class: "row" }, message.reactions.map((one) => el("button", {
    type: "button", class: "reaction", "aria-pressed": String(one.mine), "data-focus": `reaction/${one.name}`,
    "aria-label": `${one.name}, ${one.count}`, onclick: () => acts.react(message, one.name),
  }, `${emoji(one.name)} ${one.count}`)));
}

function below(message, acts) {
  if (!acts.showsThreads || message.replies === undefined) return "";
  const count = message.replies === 1 ? "1 reply" : `${message.replies} replies`;
  const working = message.work.status ? el("span", { class: "working", text: ` ${acts.app} ${message.work.status}` }) : "";
  if (!message.replies && !message.work.status) return "";
  return el("p", { class: "below" }, el("button", { type: "button", class: "link", "data-focus": "replies", onclick: () => acts.openThread(message),
    text: message.replies ? count : "Open the thread" }), working);
}

function tools(message, acts) {
  if (message.kind !== "message") return "";
  const tool = (name, sign, said, onclick) => el("button", { type: "button", class: "icon", "data-focus": name, title: said, "aria-label": said, onclick },
    el("span", { "aria-hidden": "true", text: sign }));
  return el("div", { class: "tools", role: "group", "aria-label": "What can be done with this message" },
    tool("up", "👍", "React with thumbs up", () => acts.react(message, "+1")),
    tool("down", "👎", "React with thumbs down", () => acts.react(message, "-1")),
    acts.showsThreads ? tool("reply", "💬", "Reply in the thread", () => acts.openThread(message)) : "",
    message.mine ? tool("edit", "✎", "Edit", () => acts.edit(message)) : "",
    message.mine ? tool("delete", "🗑", "Delete", () => acts.remove(message)) : "",
    acts.shortcuts.map((one) => tool(`shortcut/${one.callback_id}`, "⚡", one.title, () => acts.shortcut(one, message))));
}

function render(message, acts) {
  if (message.kind === "note") {
    return el("p", { class: "coming" }, mrkdwn(message.text, acts.placeOf(message).names));
  }
  const only = message.kind === "whisper" ? el("p", { class: "help", text: "Only visible to you" }) : "";
  const kind = `message ${message.kind}${message.streaming ? " streaming" : ""}`;
  return el("article", { class: kind, "aria-label": `${message.author.name}`, "aria-busy": String(Boolean(message.streaming)) },
    avatar(message.author), el("div", { class: "content" }, only, headline(message), body(message, acts), reactions(message, acts), below(message, acts)),
    tools(message, acts));
}

export class Log {
  constructor(node) {
    this.node = node;
    this.kept = new Map();
  }

  clear() {
    this.node.replaceChildren();
    this.kept.clear();
  }

  // `acts` is what can be done; its `names` change with the people, and then all is made anew.
  show(messages, acts) {
    const atEnd = this.node.scrollHeight - this.node.scrollTop - this.node.clientHeight < 80;
    const context = JSON.stringify([acts.names, acts.shortcuts, acts.showsThreads]);
    const there = new Set(messages.map((one) => one.key));
    for (const [key, held] of this.kept) {
      if (!there.has(key)) { held.node.remove(); this.kept.delete(key); }
    }
    let before = null;
    for (const message of messages) {
      const told = context + JSON.stringify(message);
      let held = this.kept.get(message.key);
      if (!held) {
        held = { told, node: render(message, acts) };
        this.kept.set(message.key, held);
      } else if (held.told !== told && !held.node.dataset.editing) {
        const fresh = render(message, acts);
        replace(held.node, fresh);
        Object.assign(held, { told, node: fresh });
      }
      const next = before ? before.nextSibling : this.node.firstChild;
      if (held.node !== next) this.node.insertBefore(held.node, next);
      before = held.node;
    }
    if (atEnd) this.node.scrollTop = this.node.scrollHeight;
  }

  // Puts a form in the place of a message's body until it is sent or left.
  edit(message, send) {
    const held = this.kept.get(message.key);
    if (!held || held.node.dataset.editing) return;
    const field = el("textarea", { rows: "2", "aria-label": "Your message" });
    field.value = message.typed;
    const leave = () => { delete held.node.dataset.editing; held.told = ""; form.remove(); shown.hidden = false; };
    const save = async () => { if (await send(field.value)) leave(); };
    const form = el("form", { class: "editing", onsubmit: (event) => { event.preventDefault(); save(); } }, field,
      el("div", { class: "row" }, el("button", { type: "submit", class: "primary", text: "Save" }),
        el("button", { type: "button", onclick: leave, text: "Leave it as it was" })));
    field.addEventListener("keydown", (event) => {
      if (event.key === "Escape") leave();
      if (event.key === "Enter" && !event.shiftKey && !event.isComposing) { event.preventDefault(); save(); }
    });
    held.node.dataset.editing = "yes";
    const shown = held.node.querySelector(".body");
    shown.hidden = true;
    shown.after(form);
    field.focus();
  }
}
