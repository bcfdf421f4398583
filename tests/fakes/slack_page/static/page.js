// The page: who one is, where one looks, and what one does. All of it stands in the address, behind the #.

import { el } from "./dom.js";
import { blocks } from "./blocks.js";
import { Composer } from "./composer.js";
import { confirmed, Modal } from "./dialogue.js";
import { Log } from "./messages.js";
import * as wire from "./wire.js";

const RETRY_MS = 1000;
const $ = (id) => document.getElementById(id);
const state = { look: { as: "", in: "", thread: "" }, seen: "", told: null, abort: null, read: new Map(), pressed: new Map() };
const logs = { main: new Log($("log")), thread: new Log($("thread-log")) };
let offer = { people: [], shortcuts: [], hints: [] };

// What is pressed, sent and closed; a refusal is shown beside the form that it belongs to.

async function act(what, beside = $("alert")) {
  beside.textContent = "";
  try {
    return await wire.act({ as: state.look.as, in: state.look.in, ...what });
  } catch (refusal) {
    beside.textContent = refusal.message;
    return null;
  }
}

async function press(where, element, more, beside) {
  if (element.confirm && !await confirmed($("confirm"), element.confirm, state.told.names)) return;
  const value = element.value ? { value: element.value } : {};
  const done = await act({ act: "click", ...where, action_id: element.action_id, ...value, ...more }, beside);
  if (done && more.value) {
    state.pressed.set(`${state.look.as}/${where.ts}/${element.action_id}`, more.value);
    document.querySelectorAll(`[data-focus^="${CSS.escape(element.action_id)}/"][aria-pressed]`).forEach((one) => {
      if (one.dataset.focus.endsWith(more.value)) one.setAttribute("aria-pressed", "true");
    });
  }
}

function known() {
  const named = (one) => ({ id: one.id, name: ["im", "mpim"].includes(one.kind) ? one.name : `#${one.name}` });
  const channels = state.told.places.filter((one) => !["im", "mpim"].includes(one.kind)).map(named);
  return { channels, conversations: state.told.places.map(named), users: state.told.people.map((one) => ({ id: one.id, name: one.real_name })) };
}

function placeFor(where, beside, level) {
  return {
    level,
    known: known(),
    names: state.told.names,
    me: state.look.as,
    press: (element, more) => press(where, element, more, beside),
    pressed: (element) => state.pressed.get(`${state.look.as}/${where.ts}/${element.action_id}`),
  };
}

function actsFor(log, beside, showsThreads) {
  return {
    names: state.told.names,
    app: state.told.app.name,
    showsThreads,
    shortcuts: state.told.app.here ? offer.shortcuts.filter((one) => one.on_message) : [],
    placeOf: (message) => placeFor({ ts: message.key }, beside, showsThreads ? 2 : 3),
    react: (message, emoji) => act({ act: "react", ts: message.key, emoji }, beside),
    remove: (message) => act({ act: "delete", ts: message.key }, beside),
    edit: (message) => log.edit(message, (text) => act({ act: "edit", ts: message.key, text }, beside)),
    openThread: (message) => go({ thread: message.thread }),
    shortcut: (one, message) => act({ act: "shortcut", callback_id: one.callback_id, ts: message.key }, beside),
  };
}

const modal = new Modal($("modal"), {
  placeOf: (view) => placeFor({ view: view.id }, modal.alert, 3),
  close: (view) => act({ act: "close", view: view.id }),
  submit: async (view, values) => {
    try {
      return await wire.act({ as: state.look.as, act: "submit", view: view.id, values });
    } catch (refusal) {
      return { error: refusal.message };
    }
  },
});

// Where one looks.

function readAddress() {
  const asked = new URLSearchParams(location.hash.slice(1));
  return { as: asked.get("as") ?? "", in: asked.get("in") ?? "", thread: asked.get("thread") ?? "" };
}

function addressOf(change) {
  const look = { ...state.look, ...change };
  return `#${new URLSearchParams(Object.entries(look).filter(([, value]) => value))}`;
}

function go(change) {
  location.hash = addressOf(change);
}

function turn() {
  const look = readAddress();
  const before = state.look;
  look.as = offer.people.some((one) => one.id === look.as) ? look.as : offer.people[0]?.id ?? "";
  look.in ||= offer.hints[0]?.place ?? "home";
  const elsewhere = look.as !== before.as || look.in !== before.in;
  if (elsewhere) logs.main.clear();
  if (elsewhere || look.thread !== before.thread) logs.thread.clear();
  Object.assign(state, { look, seen: "" });
  for (const name of ["alert", "thread-alert"]) $(name).textContent = "";
  if (elsewhere) wire.act({ act: "open", as: look.as, in: look.in }).catch(() => undefined);
  state.abort?.abort();
}

async function watch() {
  for (;;) {
    state.abort = new AbortController();
    const look = state.look;
    try {
      const told = await wire.seen({ ...look, seen: state.seen }, state.abort.signal);
      $("connection").textContent = "";
      if (look !== state.look) continue;
      state.seen = told.seen;
      state.told = told;
      show(told);
    } catch (fault) {
      if (fault.name === "AbortError") continue;
      if (fault instanceof wire.Refused && fall(look)) continue;
      $("connection").textContent = "The page's server does not answer. Is it still running?";
      await new Promise((resolve) => { setTimeout(resolve, RETRY_MS); });
    }
  }
}

// Goes to a place that the person has, where the one in the address is none of theirs; says whether it went.
function fall(look) {
  if (look.in === "home") return false;
  location.replace(addressOf({ in: "home", thread: "" }));
  return true;
}

// What one sees.

function show(told) {
  showPeople(told);
  showPlaces(told);
  showHead(told);
  if (told.messages) logs.main.show(told.messages, actsFor(logs.main, $("alert"), true));
  else showHome(told);
  showPrompts(told);
  showThread(told);
  modal.show(told.modals);
}

function showPeople(told) {
  const who = $("who");
  if (who.options.length !== told.people.length) {
    who.replaceChildren(...told.people.map((one) => el("option", { value: one.id, text: `${one.real_name} (${one.role})` })));
  }
  who.value = state.look.as;
  const language = told.you.locale.startsWith("en") ? "" : `, reads ${new Intl.DisplayNames("en", { type: "language" }).of(told.you.locale)}`;
  $("role").textContent = `@${told.you.name}${language}`;
}

function showPlaces(told) {
  const signs = { public: "#", private: "🔒", shared: "⇄", im: "●", mpim: "●" };
  const lines = { channels: [], directs: [] };
  for (const one of told.places) {
    const here = one.id === state.look.in;
    const key = `${state.look.as}/${one.id}`;
    if (here || !state.read.has(key)) state.read.set(key, one.latest);
    const fresh = !here && one.latest > state.read.get(key);
    const kind = one.kind === "private" ? " (private)" : one.kind === "shared" ? " (shared with another organisation)" : "";
    const line = el("li", {}, el("a", { href: addressOf({ in: one.id, thread: "" }), "aria-current": here ? "page" : undefined, class: fresh ? "fresh" : "" },
      el("span", { class: "sign", "aria-hidden": "true", text: signs[one.kind] }), one.name,
      el("span", { class: "unseen", text: kind }), fresh ? el("span", { class: "new", text: "new" }) : ""));
    (one.kind === "im" || one.kind === "mpim" ? lines.directs : lines.channels).push(line);
  }
  if (told.app.here) {
    lines.directs.push(el("li", {}, el("a", { href: addressOf({ in: "home", thread: "" }), "aria-current": state.look.in === "home" ? "page" : undefined },
      el("span", { class: "sign", "aria-hidden": "true", text: "⌂" }), `${told.app.name}: Home`)));
  }
  for (const [id, made] of Object.entries(lines)) {
    $(id).previousElementSibling.hidden = !made.length;
    update($(id), made);
  }
}

// Puts new lines in the place of the old ones, if they say something else.
function update(node, made) {
  const fresh = made.map((one) => one.outerHTML).join("");
  if (node.dataset.shown === fresh) return;
  const focused = node.contains(document.activeElement) ? [...node.querySelectorAll("a")].indexOf(document.activeElement) : -1;
  node.dataset.shown = fresh;
  node.replaceChildren(...made);
  if (focused >= 0) node.querySelectorAll("a")[focused]?.focus();
}

function showHead(told) {
  const place = told.place;
  const sign = place && ["public", "private", "shared"].includes(place.kind) ? "#" : "";
  $("place-name").textContent = place ? `${sign}${place.name}` : `${told.app.name}: Home`;
  const notes = { private: "A private channel. ", shared: "Shared with another organisation. ", public: "A public channel. " };
  $("place-note").textContent = place ? `${notes[place.kind] ?? ""}With you: ${place.members.join(", ")}.` : "";
  document.title = `${$("place-name").textContent} – as ${told.you.real_name}`;
  $("composer").hidden = !place;
  $("skip").hidden = !place;
  $("composer-label").textContent = `Message ${sign}${place?.name ?? ""} as ${told.you.real_name}`;
  const ask = `@${told.app.handle}`;
  const commands = told.app.here && offer.commands.length ? `, ${offer.commands.join(", ")} begins a command` : "";
  $("composer-help").textContent = `${place?.kind === "im" ? "" : `${ask} asks the app. `}Enter sends, Shift+Enter begins a new line${commands}.`;
  const global = told.app.here ? offer.shortcuts.filter((one) => !one.on_message) : [];
  if ($("global-shortcuts").childElementCount !== global.length) {
    $("global-shortcuts").replaceChildren(...global.map((one) => el("button", { type: "button", text: `⚡ ${one.title}`,
      onclick: () => act({ act: "shortcut", callback_id: one.callback_id }) })));
  }
}

let homeShown = "";

function showHome(told) {
  const mark = told.home ? `${told.you.id} ${told.home.id} ${told.home.hash}` : `${told.you.id} nothing`;
  if (homeShown === mark && $("log").childElementCount) return;
  homeShown = mark;
  const inside = told.home ? blocks(told.home.blocks, placeFor({ view: told.home.id }, $("alert"), 2))
    : [el("p", { class: "help", text: told.app.here ? "The app shows nothing here yet." : `${told.app.name} is not installed in your workspace; you meet it in shared channels.` })];
  logs.main.clear();
  $("log").append(el("div", { class: "home" }, inside));
}

function showPrompts(told) {
  const prompts = told.messages && told.prompts ? told.prompts.prompts : [];
  const title = prompts.length && told.prompts.title ? [el("p", { class: "help", text: told.prompts.title })] : [];
  const made = prompts.map((one) => el("button", { type: "button", text: one.title, onclick: () => write(one.message, [], "", $("alert")) }));
  $("prompts").hidden = !prompts.length;
  const mark = JSON.stringify([told.you.id, told.prompts ?? null]);
  if ($("prompts").dataset.shown === mark) return;
  $("prompts").dataset.shown = mark;
  $("prompts").replaceChildren(...title, ...made);
}

function showThread(told) {
  const thread = told.thread?.messages.length ? told.thread : null;
  $("thread").hidden = !thread;
  $("frame").classList.toggle("with-thread", Boolean(thread));
  if (!thread) return;
  $("thread-name").textContent = thread.title ? `Thread: ${thread.title}` : "Thread";
  logs.thread.show(thread.messages, actsFor(logs.thread, $("thread-alert"), false));
  $("thread-status").hidden = !thread.status && !thread.stop;
  const text = thread.status ? `${told.app.name} ${thread.status}` : "";
  if ($("thread-status-text").textContent !== text) $("thread-status-text").textContent = text;
  $("thread-stop").hidden = !thread.stop;
}

// What one writes.

async function write(text, files, thread, beside) {
  const done = await act({ act: "write", text, files, ...(thread ? { thread } : {}) }, beside);
  const talks = done?.named || state.told.place?.kind === "im";
  if (done?.ts && !thread && talks) go({ thread: done.root });
  return Boolean(done);
}

function directOf() {
  return state.told?.places.find((one) => one.kind === "im")?.id ?? "home";
}

async function tryHint(hint) {
  if (state.look.as !== hint.who) {
    go({ as: hint.who, in: "home", thread: "" });
    await until(() => state.told?.you.id === hint.who);
  }
  go({ in: hint.place === "direct" ? directOf() : hint.place, thread: "" });
  await until(() => !hint.text || state.told?.place?.id === state.look.in);
  $("composer-text").value = hint.text;
  if (hint.text) $("composer-text").focus();
}

async function until(promise) {
  for (let turns = 0; turns < 200 && !promise(); turns += 1) {
    await new Promise((resolve) => { setTimeout(resolve, 25); });
  }
}

async function begin() {
  offer = await wire.offer();
  $("hint-list").replaceChildren(...offer.hints.map((one) => el("li", {}, el("button", { type: "button", class: "link",
    onclick: () => tryHint(one), text: one.title }))));
  $("hints").hidden = !offer.hints.length;
  new Composer($("composer"), $("composer-text"), $("composer-file"), (text, files) => write(text, files, "", $("alert")));
  new Composer($("reply"), $("reply-text"), $("reply-file"), (text, files) => write(text, files, state.look.thread, $("thread-alert")));
  $("who").addEventListener("change", () => go({ as: $("who").value, thread: "" }));
  $("thread-close").addEventListener("click", () => { go({ thread: "" }); $("composer-text").focus(); });
  $("thread-stop").addEventListener("click", () => act({ act: "stop", ts: state.look.thread }, $("thread-alert")));
  addEventListener("hashchange", turn);
  turn();
  await watch();
}

begin();
