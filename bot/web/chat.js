// The chat page: paints what the talk holds, takes what the person writes, and lets them leave in an instant.

import { richText } from "./richtext.js";
import { _, negotiate, OWN_NAMES, speak } from "./strings.js";
import { Talk } from "./talk.js";
import { Transport } from "./transport.js";

/** @typedef {import("./strings.js").Language} Language */
/** @typedef {import("./talk.js").Entry} Entry */
/** @typedef {import("./talk.js").Said} Said */
/** @typedef {import("./talk.js").Mine} Mine */
/** @typedef {import("./transport.js").State} State */

const ROOT = new URL("../../../", import.meta.url);
const API = new URL("webhooks/webchat/", ROOT);
const TWICE_WITHIN = 1500;
const NEAR_THE_END = 120;
const MARGIN = 12;

/** @type {Record<string, () => string>} */
const TEXTS = {
  language: () => _("Language"),
  leave: () => _("Leave this page"),
  danger: () => _("In danger right now? Call your local emergency number first."),
  about: () => _("Before you start"),
  automatic: () => _("You are writing with a computer program, not the police and not a lawyer."),
  never: () => _("It never asks for money, codes or passwords."),
  anytime: () => _("You can stop at any time and skip any question."),
  escape: () => _('"Leave this page" clears the talk and opens another site.'),
  keys: () => _("Pressing Esc twice does the same."),
  conversation: () => _("Conversation"),
  message: () => _("Your message"),
  "own-words": () => _("Write in your own words"),
  send: () => _("Send"),
  reminder: () => _("Never send codes, passwords or card numbers here."),
};

const talk = new Talk();
const transport = new Transport(API, talk, { event: onEvent, state: onState, fate: paintFates });
/** @type {Promise<{exit_url?: string}>} */
const config = fetch(new URL("chat/config", ROOT)).then((answer) => answer.json()).catch(() => ({}));
let exitUrl = "about:blank";

const log = find("log");
const scroller = find("scroller");
const text = /** @type {HTMLTextAreaElement} */ (find("text"));
/** @type {State} */
let state = "connecting";
let lastEscape = -Infinity;

/** @param {string} id */
function find(id) {
  return /** @type {HTMLElement} */ (document.getElementById(id));
}

/**
 * @param {string} tag
 * @param {string} className
 * @param {...(Node | string)} children
 */
function make(tag, className, ...children) {
  const element = document.createElement(tag);
  element.className = className;
  element.append(...children);
  return element;
}

/**
 * @param {string} className
 * @param {string} title
 * @param {() => void} press
 */
function button(className, title, press) {
  const element = /** @type {HTMLButtonElement} */ (make("button", className, title));
  element.type = "button";
  element.addEventListener("click", press);
  return element;
}

// ---- painting

function paintPage() {
  document.documentElement.lang = talk.language ?? "en";
  for (const element of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll("[data-text]"))) {
    element.textContent = TEXTS[element.dataset.text ?? ""]();
  }
  document.title = _("Chat");
  text.placeholder = TEXTS["own-words"]();
  const group = /** @type {HTMLElement} */ (document.querySelector(".languages"));
  group.setAttribute("aria-label", TEXTS.language());
  for (const choice of group.querySelectorAll("button")) {
    choice.setAttribute("aria-pressed", String(choice.lang === talk.language));
  }
  paintLog();
  paintState();
}

/** Paint the whole log anew, without reading it all out again. */
function paintLog() {
  log.ariaLive = "off";
  log.replaceChildren(...talk.entries.map(paint));
  settleButtons();
  requestAnimationFrame(() => {
    log.ariaLive = "polite";
  });
}

/** @param {Entry} entry */
function paint(entry) {
  return entry.kind === "bot" ? paintSaid(entry) : paintMine(entry);
}

/** @param {Said} said */
function paintSaid(said) {
  const words = make("div", "words", richText(said.text));
  const item = make("div", "entry bot", make("span", "unseen", _("Reply:")), words);
  item.lang = said.language ?? talk.language ?? "en";
  if (said.buttons.length) {
    const choices = said.buttons.map((title) => {
      const choice = button("choice", title, () => press(said, title, choice));
      choice.setAttribute("aria-pressed", String(said.pressed === title));
      return choice;
    });
    const group = make("div", "choices", ...choices);
    group.role = "group";
    group.ariaLabel = _("Suggested answers");
    item.append(group);
  }
  return item;
}

/** @param {Mine} mine */
function paintMine(mine) {
  const words = make("div", "words", mine.text);
  const item = make("div", "entry me", make("span", "unseen", _("You said:")), words, make("div", "fate"));
  item.dataset.clientId = mine.clientId;
  paintFate(item, mine, mine === talk.mine.at(-1));
  return item;
}

function paintFates() {
  const last = talk.mine.at(-1);
  for (const mine of talk.mine) {
    const item = /** @type {HTMLElement | null} */ (log.querySelector(`[data-client-id="${mine.clientId}"]`));
    if (item) paintFate(item, mine, mine === last);
  }
}

/**
 * @param {HTMLElement} item
 * @param {Mine} mine
 * @param {boolean} isLast
 */
function paintFate(item, mine, isLast) {
  const place = /** @type {HTMLElement} */ (item.querySelector(".fate"));
  const said = {
    waiting: state === "lost" ? _("Waiting for the connection") : _("Sending…"),
    sent: isLast ? _("Sent") : "",
    read: isLast ? _("Read") : "",
    unanswered: _("This could not be answered."),
    "too-long": _("This is too long to send. Please send it in parts."),
  }[mine.fate];
  place.replaceChildren(said);
  if (mine.fate === "unanswered") place.append(button("again", _("Try again"), () => again(mine)));
  item.classList.toggle("trouble", mine.fate === "unanswered" || mine.fate === "too-long");
}

/** Only the choices under the latest words can be pressed, and only once. */
function settleButtons() {
  const last = talk.entries.at(-1);
  for (const choice of log.querySelectorAll(".choice")) {
    const open = last?.kind === "bot" && !last.pressed && log.lastElementChild?.contains(choice);
    choice.setAttribute("aria-disabled", String(!open));
  }
}

function paintState() {
  const place = find("state");
  place.replaceChildren();
  if (state === "lost") {
    place.append(
      make("span", "", _("No connection. What you write waits here and goes out by itself.")),
      button("again", _("Try now"), () => transport.retry()),
    );
  } else if (state === "ended") {
    place.append(make("span", "", _("This talk has ended.")), button("again", _("Start a new talk"), startAnew));
  }
  paintFates();
}

/** Show the end of the log, but never scroll the person's own last words away. */
function follow() {
  const mine = /** @type {HTMLElement | null} */ ([...log.querySelectorAll(".entry.me")].at(-1) ?? null);
  const end = scroller.scrollHeight - scroller.clientHeight;
  if (!mine) return;
  const top = mine.getBoundingClientRect().top - scroller.getBoundingClientRect().top + scroller.scrollTop;
  scroller.scrollTo({ top: Math.min(end, top - MARGIN) });
}

// ---- what happens

/**
 * @param {string} name
 * @param {any} data
 */
function onEvent(name, data) {
  if (name === "message") {
    const atEnd = scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight < NEAR_THE_END;
    add({
      kind: "bot", id: data.id, text: data.text, language: data.language,
      buttons: data.buttons.map((/** @type {{title: string}} */ choice) => choice.title),
    });
    if (atEnd) follow();
  } else if (name === "typing") {
    const typing = find("typing");
    typing.classList.toggle("on", data.on);
    typing.textContent = data.on ? _("An answer is being written…") : "";
  } else if (name === "read") {
    talk.mark(data.client_id, "read");
    paintFates();
  } else if (name === "failed" && data.client_id) {
    talk.mark(data.client_id, "unanswered");
    paintFates();
  }
}

/** @param {State} now */
function onState(now) {
  if (now === "connecting" && state === "lost") return;
  state = now;
  if (now !== "open") onEvent("typing", { on: false });
  paintState();
}

/** @param {Entry} entry */
function add(entry) {
  talk.entries.push(entry);
  talk.save();
  log.append(paint(entry));
  settleButtons();
  paintFates();
}

/**
 * @param {string} words
 * @param {Language} [language] set when the words ask for another language
 */
function say(words, language) {
  add({ kind: "me", clientId: newId(), text: words, fate: "waiting", ...(language && { language }) });
  follow();
  void transport.send();
}

/** @returns {string} a random UUID, also where `crypto.randomUUID` is withheld (plain HTTP) */
function newId() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4}).(.{3}).(.{3})(.{12})$/u, "$1-$2-4$3-8$4-$5");
}

/** @param {Mine} mine */
function again(mine) {
  mine.clientId = newId();
  mine.fate = "waiting";
  talk.entries = [...talk.entries.filter((entry) => entry !== mine), mine];
  talk.save();
  paintLog();
  follow();
  text.focus();
  void transport.send();
}

/**
 * @param {Said} said
 * @param {string} title
 * @param {HTMLElement} choice
 */
function press(said, title, choice) {
  if (choice.ariaDisabled === "true") return;
  said.pressed = title;
  choice.setAttribute("aria-pressed", "true");
  say(title);
}

/** @param {Language} language */
async function switchTo(language) {
  if (language === talk.language) return;
  talk.language = language;
  await speak(ROOT, language);
  paintPage();
  say(OWN_NAMES[language], language);
}

function startAnew() {
  talk.grant = null;
  talk.lastId = null;
  talk.save();
  void transport.run();
}

/** Leave: the talk is cleared from the tab, erased at the bot (a filed case stays at the desk), and not one step back. */
function leave() {
  document.title = "";
  document.body.replaceChildren();
  transport.leave();
  talk.clear();
  location.replace(exitUrl);
}

function submit() {
  const words = text.value.trim();
  if (!words) return;
  text.value = "";
  fit();
  say(words);
}

/** Let the box grow with what is written. */
function fit() {
  text.style.height = "auto";
  text.style.height = `${text.scrollHeight + text.offsetHeight - text.clientHeight}px`;
}

/** @param {KeyboardEvent} event */
function onKey(event) {
  // While Chinese is being composed, Enter and Esc belong to the input method.
  if (event.isComposing || event.keyCode === 229) return;
  if (event.key === "Escape") {
    if (event.timeStamp - lastEscape < TWICE_WITHIN) leave();
    lastEscape = event.timeStamp;
  } else if (event.key === "Enter" && !event.shiftKey && event.target === text) {
    event.preventDefault();
    submit();
  }
}

async function start() {
  find("exit").addEventListener("click", leave);
  document.addEventListener("keydown", onKey);
  find("form").addEventListener("submit", (event) => {
    event.preventDefault();
    submit();
  });
  text.addEventListener("input", fit);
  const asked = new URLSearchParams(location.search).get("lang");
  const language = /** @type {Language} */ (
    talk.language ?? negotiate(asked ? [asked] : navigator.languages)
  );
  talk.language = language;
  for (const [tag, name] of Object.entries(OWN_NAMES)) {
    const choice = button("language", name, () => void switchTo(/** @type {Language} */ (tag)));
    choice.lang = tag;
    document.querySelector(".languages")?.append(choice);
  }
  await speak(ROOT, language);
  paintPage();
  for (const id of ["app", "compose", "exit"]) find(id).hidden = false;
  follow();
  exitUrl = (await config).exit_url ?? exitUrl;
  await transport.run();
}

// A page brought back from the browser's memory starts afresh.
addEventListener("pageshow", (event) => event.persisted && location.reload());
void start();
