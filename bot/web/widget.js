// <first-aid-chat>: the chat as a panel on a support group's site, or, with the attribute "page", as the whole page.
// A page that loads the script without the element gets one: the script tag's data attributes are its attributes.
//
// Attributes: language (en, zh-Hans, zh-Hant; the visitor's own unless given), color (#rrggbb), position (left or
// right), greeting (the words on the button), page, organisation.

import { Chat } from "./chat.js";
import sheet from "./chat.css" with { type: "css" };
import { readable } from "./colour.js";
import { button, make } from "./dom.js";
import { mark } from "./frame.js";
import { _, negotiate, OWN_NAMES } from "./strings.js";

/** @typedef {import("./strings.js").Language} Language */

const NAME = "first-aid-chat";
const BASE = new URL("../../", import.meta.url);

/** @type {[number, number, number][]} the grounds of the style sheet on which the operator's colour stands */
const LIGHT = [[255, 255, 255], [228, 239, 237]];
/** @type {[number, number, number][]} */
const DARK = [[28, 38, 42], [29, 54, 54]];

class FirstAidChat extends HTMLElement {
  static observedAttributes = ["color", "position", "greeting"];

  constructor() {
    super();
    this.unread = 0;
    // Closed: what a host page records of its visitors does not reach in here.
    this.root = this.attachShadow({ mode: "closed" });
    this.root.adoptedStyleSheets = [sheet];
    /** @type {Chat | null} */
    this.chat = null;
    this.label = make("span", "label");
    this.badge = make("span", "badge");
    this.launcher = button("launcher", "", () => this.open());
    this.launcher.append(mark(), this.label, this.badge);
    this.launcher.setAttribute("aria-haspopup", "dialog");
    this.dark = matchMedia("(prefers-color-scheme: dark)");
    this.dark.addEventListener("change", () => this.paint());
  }

  connectedCallback() {
    if (!this.chat) {
      void this.start();
      return;
    }
    if (!this.full) onTop(this.launcher.hidden ? this.chat.frame.shell : this.launcher);
    if (this.chat.talk.grant) void this.chat.run();
  }

  disconnectedCallback() {
    // A site that only moves the element goes on with the talk.
    queueMicrotask(() => {
      if (!this.isConnected) this.chat?.transport.stop();
    });
  }

  attributeChangedCallback() {
    this.paint();
  }

  get full() {
    return this.hasAttribute("page");
  }

  async start() {
    const { full } = this;
    const chat = new Chat(BASE, full, {
      hide: () => this.close(), heard: () => this.heard(), left: () => this.remove(),
    });
    this.chat = chat;
    chat.frame.name.textContent = this.getAttribute("organisation") ?? "";
    await chat.prepare(this.language());
    if (full) {
      chat.talk.open = true;
      this.root.append(chat.frame.shell);
      this.titlePage();
    } else {
      chat.frame.shell.hidden = true;
      this.root.append(this.launcher, chat.frame.shell);
      onTop(this.launcher);
      visualViewport?.addEventListener("resize", () => fitViewport(chat.frame.shell));
    }
    new MutationObserver(() => this.paint()).observe(chat.frame.shell, { attributeFilter: ["lang"] });
    this.paint();
    if (full || chat.talk.open) this.open(full);
    else if (chat.talk.grant) void chat.run();
  }

  /** @returns {Language} */
  language() {
    const asked = (this.full && new URLSearchParams(location.search).get("lang")) || this.getAttribute("language");
    if (asked && asked in OWN_NAMES) return /** @type {Language} */ (asked);
    return negotiate(asked ? [asked] : navigator.languages);
  }

  /** @param {boolean} [quietly] leave the focus where it is */
  open(quietly = false) {
    const { chat } = this;
    if (!chat) return;
    this.unread = 0;
    chat.talk.open = true;
    chat.talk.save();
    if (!this.full) {
      chat.frame.shell.hidden = false;
      this.launcher.hidden = true;
      onTop(chat.frame.shell);
    }
    this.paint();
    chat.fit();
    chat.follow();
    // On a phone the keyboard would cover what there is to read.
    if (!quietly) (matchMedia("(hover: hover)").matches ? chat.frame.text : chat.frame.scroller).focus();
    void chat.run();
  }

  /** Close the panel; the talk goes on. */
  close() {
    const { chat } = this;
    if (!chat || this.full || chat.frame.shell.hidden) return;
    chat.talk.open = false;
    chat.talk.save();
    chat.frame.shell.hidden = true;
    this.launcher.hidden = false;
    onTop(this.launcher);
    this.paint();
    this.launcher.focus();
  }

  heard() {
    if (!this.launcher.hidden && !this.full) this.unread += 1;
    this.paint();
  }

  paint() {
    if (!this.chat) return;
    const { shell } = this.chat.frame;
    this.label.textContent = this.getAttribute("greeting") || _("Chat");
    this.badge.replaceChildren();
    if (this.unread) this.badge.append(String(this.unread), make("span", "unseen", " " + _("new messages")));
    this.launcher.lang = shell.lang;
    const dark = this.dark.matches;
    const colour = readable(this.getAttribute("color") ?? "", dark ? DARK : LIGHT, dark ? 255 : 0);
    for (const part of [shell, this.launcher]) {
      part.classList.toggle("left", this.getAttribute("position") === "left");
      for (const [name, value] of Object.entries({ "--lead": colour?.lead, "--lead-ink": colour?.ink })) {
        if (value) part.style.setProperty(name, value);
        else part.style.removeProperty(name);
      }
    }
    if (this.full) this.titlePage();
  }

  /** A page of its own has a title, neutral on purpose, and a language. */
  titlePage() {
    document.title = _("Chat");
    document.documentElement.lang = this.chat?.frame.shell.lang ?? "en";
  }
}

/**
 * Lift a part above everything of the host page, out of reach of what its ancestors do.
 * @param {HTMLElement} part
 */
function onTop(part) {
  if (!part.showPopover) return;
  part.popover = "manual";
  if (part.matches(":popover-open")) part.hidePopover();
  part.showPopover();
}

/**
 * Keep the panel above a phone's keyboard; somebody who zooms in by hand moves about in it as it is.
 * @param {HTMLElement} shell
 */
function fitViewport(shell) {
  if (visualViewport && visualViewport.scale <= 1) shell.style.setProperty("--height", `${visualViewport.height}px`);
}

customElements.define(NAME, FirstAidChat);

// One script tag is enough: without an element on the page the script puts one there, as its data attributes say.
const script = [...document.scripts].find((candidate) => candidate.src === import.meta.url);
if (script && !document.querySelector(NAME)) {
  const chat = document.createElement(NAME);
  for (const [name, value] of Object.entries(script.dataset)) chat.setAttribute(name, value ?? "");
  document.body.append(chat);
}

// A page brought back from the browser's memory starts afresh.
addEventListener("pageshow", (event) => {
  if (event.persisted && document.querySelector(`${NAME}[page]`)) location.reload();
});
