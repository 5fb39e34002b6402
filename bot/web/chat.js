// The chat: paints what the talk holds, takes what the person writes, and lets them leave in an instant.

import { tick } from "./clock.js";
import { button, make, newId } from "./dom.js";
import { readText } from "./file.js";
import { buildFrame } from "./frame.js";
import { paintMine, paintSaid } from "./message.js";
import { _, OWN_NAMES, speak } from "./strings.js";
import { Tabs } from "./tabs.js";
import { Talk } from "./talk.js";
import { Transport } from "./transport.js";

/** @typedef {import("./strings.js").Language} Language */
/** @typedef {import("./talk.js").Entry} Entry */
/** @typedef {import("./talk.js").Said} Said */
/** @typedef {import("./talk.js").Mine} Mine */
/** @typedef {import("./transport.js").State} State */
/** @typedef {{hide: () => void, heard: () => void, left: () => void}} Listener */

const TWICE_WITHIN = 1500;
const NEAR_THE_END = 120;
const MARGIN = 12;
const LARGER = [1, 1.25, 1.5];
const TICK = 30000;

export class Chat {
  /**
   * @param {URL} base root of the server
   * @param {boolean} full whether the chat is the whole page
   * @param {Listener} listener
   */
  constructor(base, full, listener) {
    this.base = base;
    this.listener = listener;
    this.talk = new Talk();
    this.transport = new Transport(new URL("webhooks/webchat/", base), this.talk, {
      event: (name, data) => this.onEvent(name, data),
      state: (state) => this.onState(state),
      fate: () => this.paintFates(),
    });
    this.tabs = new Tabs((news) => ("left" in news ? this.leave(false) : this.hearOfMine(news.said)));
    this.frame = buildFrame(full, {
      leave: () => this.leave(), hide: listener.hide, enlarge: () => this.enlarge(), show: (file) => void this.show(file),
    });
    this.exitUrl = "about:blank";
    /** @type {State} */
    this.state = "connecting";
    this.lastEscape = -Infinity;
    this.running = false;
    this.listen();
    setInterval(() => {
      for (const clock of this.frame.log.querySelectorAll(".clock")) tick(/** @type {HTMLElement} */ (clock));
    }, TICK);
  }

  listen() {
    const { form, text, shell, languages } = this.frame;
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.submit();
    });
    text.addEventListener("input", () => this.fit());
    for (const [tag, name] of Object.entries(OWN_NAMES)) {
      const choice = button("language", name, () => void this.switchTo(/** @type {Language} */ (tag)));
      choice.lang = tag;
      languages.append(choice);
    }
    document.addEventListener("keydown", (event) => this.onKey(event));
    // What is written here is nobody else's: a host page's shortcuts and recorders hear no key of it.
    for (const type of ["keydown", "keypress", "keyup", "beforeinput", "input", "paste", "copy"]) {
      shell.addEventListener(type, (event) => {
        if (event instanceof KeyboardEvent && type === "keydown") this.onKey(event);
        event.stopPropagation();
      });
    }
  }

  /**
   * Show the chat in a language, before any word is exchanged.
   * @param {Language} language where no talk has begun
   */
  async prepare(language) {
    if (!this.talk.grant) this.talk.language = language;
    await speak(this.base, /** @type {Language} */ (this.talk.language));
    this.paint();
  }

  /** Meet the bot: the session begins, or goes on. */
  async run() {
    if (this.running) return;
    this.running = true;
    await Promise.all([this.configure(), this.transport.run()]);
    this.running = false;
  }

  async configure() {
    try {
      const answer = await fetch(new URL("chat/config", this.base), { credentials: "omit" });
      const { exit_url: exitUrl, organisation } = await answer.json();
      this.exitUrl = exitUrl;
      this.frame.name.textContent = organisation;
    } catch {
      // Without the settings the way out leads to a blank page.
    }
  }

  // ---- painting

  paint() {
    this.frame.shell.lang = this.talk.language ?? "en";
    this.frame.shell.style.setProperty("--scale", String(this.talk.scale));
    this.frame.paint();
    for (const choice of this.frame.languages.querySelectorAll("button")) {
      choice.setAttribute("aria-pressed", String(choice.lang === this.talk.language));
    }
    this.paintLog();
    this.paintState();
  }

  /** Paint the whole log anew, without reading it all out again. */
  paintLog() {
    const { log } = this.frame;
    log.setAttribute("aria-live", "off");
    log.replaceChildren(...this.talk.entries.map((entry) => this.paintEntry(entry)));
    this.settleButtons();
    requestAnimationFrame(() => {
      log.setAttribute("aria-live", "polite");
    });
  }

  /** @param {Entry} entry */
  paintEntry(entry) {
    if (entry.kind === "bot") {
      return paintSaid(entry, this.talk.language ?? "en", {
        press: (title, choice) => this.press(entry, title, choice),
        tick: (step, done) => this.tick(step, done),
        keep: () => this.transport.save(entry.id),
      });
    }
    const item = paintMine(entry);
    this.paintFate(item, entry, entry === this.talk.mine.at(-1));
    return item;
  }

  paintFates() {
    const last = this.talk.mine.at(-1);
    for (const mine of this.talk.mine) {
      const item = /** @type {HTMLElement | null} */ (
        this.frame.log.querySelector(`[data-client-id="${mine.clientId}"]`)
      );
      if (item) this.paintFate(item, mine, mine === last);
    }
  }

  /**
   * @param {HTMLElement} item
   * @param {Mine} mine
   * @param {boolean} isLast
   */
  paintFate(item, mine, isLast) {
    const place = /** @type {HTMLElement} */ (item.querySelector(".fate"));
    const said = {
      waiting: this.state === "lost" ? _("Waiting for the connection") : _("Sending…"),
      sent: isLast ? _("Sent") : "",
      read: isLast ? _("Read") : "",
      unanswered: _("This could not be answered."),
      "too-long": _("This is too long to send. Please send it in parts."),
    }[mine.fate];
    place.replaceChildren(said);
    if (mine.fate === "unanswered") place.append(button("again", _("Try again"), () => this.again(mine)));
    item.classList.toggle("trouble", mine.fate === "unanswered" || mine.fate === "too-long");
  }

  /** Only the choices under the latest words can be pressed, and only once; only the latest plan can be ticked. */
  settleButtons() {
    const { log } = this.frame;
    const last = this.talk.entries.at(-1);
    for (const choice of log.querySelectorAll(".choice")) {
      const open = last?.kind === "bot" && !last.pressed && log.lastElementChild?.contains(choice);
      choice.setAttribute("aria-disabled", String(!open));
    }
    const plans = [...log.querySelectorAll(".plan")];
    for (const box of /** @type {NodeListOf<HTMLInputElement>} */ (log.querySelectorAll(".box"))) {
      box.disabled = !plans.at(-1)?.contains(box);
    }
  }

  paintState() {
    const place = this.frame.state;
    place.replaceChildren();
    if (this.state === "lost") {
      place.append(
        make("span", "", _("No connection. What you write waits here and goes out by itself.")),
        button("again", _("Try now"), () => this.transport.retry()),
      );
    } else if (this.state === "ended") {
      place.append(
        make("span", "", _("This talk has ended.")),
        button("again", _("Start a new talk"), () => this.startAnew()),
      );
    }
    this.paintFates();
  }

  /** Show the end of the log, but never scroll the person's own last words away, nor the plan they are ticking. */
  follow() {
    const { log, scroller } = this.frame;
    const mine = [...log.querySelectorAll(this.talk.mine.at(-1)?.step ? ".plan" : ".entry.me")].at(-1);
    const end = scroller.scrollHeight - scroller.clientHeight;
    if (!mine) return;
    const top = mine.getBoundingClientRect().top - scroller.getBoundingClientRect().top + scroller.scrollTop;
    scroller.scrollTo({ top: Math.min(end, top - MARGIN) });
  }

  /**
   * What comes unasked, such as a caseworker's answer, is shown from its beginning, wherever the person has read to; but
   * the plan is not moved away under the hands that tick it.
   */
  showUnasked() {
    const { log, scroller } = this.frame;
    const said = log.lastElementChild;
    const root = /** @type {Document | ShadowRoot} */ (log.getRootNode());
    if (!said || root.activeElement?.closest(".plan")) return;
    const top = said.getBoundingClientRect().top - scroller.getBoundingClientRect().top + scroller.scrollTop;
    scroller.scrollTo({ top: top - MARGIN });
  }

  enlarge() {
    this.talk.scale = LARGER[(LARGER.indexOf(this.talk.scale) + 1) % LARGER.length];
    this.talk.save();
    this.frame.shell.style.setProperty("--scale", String(this.talk.scale));
    this.fit();
  }

  // ---- what happens

  /**
   * @param {string} name
   * @param {any} data
   */
  onEvent(name, data) {
    const { scroller, typing } = this.frame;
    if (name === "message") {
      const atEnd = scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight < NEAR_THE_END;
      this.add({
        kind: "bot", id: data.id, text: data.text, language: data.language, until: data.until,
        checklist: data.checklist, file: data.file,
        buttons: data.buttons.map((/** @type {{title: string}} */ choice) => choice.title),
      });
      if (atEnd) this.follow();
      this.listener.heard();
      if (!typing.classList.contains("on")) this.showUnasked();
    } else if (name === "typing") {
      typing.classList.toggle("on", data.on);
      typing.textContent = data.on ? _("An answer is being written…") : "";
    } else if (name === "read") {
      this.talk.mark(data.client_id, "read");
      this.paintFates();
    } else if (name === "failed" && data.client_id) {
      this.talk.mark(data.client_id, "unanswered");
      this.paintFates();
    }
  }

  /** @param {State} now */
  onState(now) {
    if (now === "connecting" && this.state === "lost") return;
    this.state = now;
    if (now === "open") this.tabs.join(this.talk.grant?.session);
    else this.onEvent("typing", { on: false });
    this.paintState();
  }

  /** @param {Entry} entry */
  add(entry) {
    this.talk.entries.push(entry);
    this.talk.save();
    this.frame.log.append(this.paintEntry(entry));
    this.settleButtons();
    this.paintFates();
  }

  /**
   * @param {string} words
   * @param {{language?: Language, step?: Mine["step"], evidence?: string}} [more] when the words ask for another
   *   language, tick a step, or are the other side's, out of a file of that name
   */
  say(words, more = {}) {
    /** @type {Mine} */
    const mine = { kind: "me", clientId: newId(), text: words, fate: "waiting", ...more };
    this.add(mine);
    this.tabs.tell({ said: mine });
    this.follow();
    void this.transport.send();
  }

  /** @param {Mine} said in another tab of this talk, which sends it */
  hearOfMine(said) {
    if (this.talk.mine.some((mine) => mine.clientId === said.clientId)) return;
    if (said.step) this.noteTick(said.step);
    this.add({ ...said, fate: "sent" });
  }

  /** @param {Mine} mine */
  again(mine) {
    mine.clientId = newId();
    mine.fate = "waiting";
    this.talk.entries = [...this.talk.entries.filter((entry) => entry !== mine), mine];
    this.talk.save();
    this.paintLog();
    this.follow();
    this.frame.text.focus();
    void this.transport.send();
  }

  /**
   * @param {Said} said
   * @param {string} title
   * @param {HTMLElement} choice
   */
  press(said, title, choice) {
    if (choice.getAttribute("aria-disabled") === "true") return;
    said.pressed = title;
    choice.setAttribute("aria-pressed", "true");
    this.say(title);
  }

  /**
   * @param {import("./talk.js").Step} step
   * @param {boolean} done
   */
  tick(step, done) {
    step.done = done;
    this.say(done ? step.tick : step.untick, { step: { name: step.name, done } });
  }

  /** @param {{name: string, done: boolean}} ticked in another tab of this talk */
  noteTick({ name, done }) {
    const plans = this.talk.entries.flatMap((entry) => (entry.kind === "bot" && entry.checklist) || []);
    const step = plans.filter((candidate) => candidate.name === name).at(-1);
    if (!step) return;
    step.done = done;
    this.paintLog();
  }

  /** @param {File} file with the other side's words */
  async show(file) {
    const words = await readText(file);
    if (words) {
      this.say(words, { evidence: file.name });
      return;
    }
    this.frame.state.replaceChildren(make("span", "", /^(image|video)/u.test(file.type)
      ? _("I can't look at pictures or videos. Please keep it, it is evidence. Tell me in a few words what it shows, or "
        + "copy the text in it to me.")
      : _("I can't open this kind of file. Please keep it, it is evidence. Tell me in a few words what it says, or copy "
        + "the part that matters to me.")));
    this.frame.text.focus();
  }

  /** @param {Language} language */
  async switchTo(language) {
    if (language === this.talk.language) return;
    this.talk.language = language;
    await speak(this.base, language);
    this.paint();
    this.say(OWN_NAMES[language], { language });
  }

  startAnew() {
    this.talk.grant = null;
    this.talk.lastId = null;
    this.talk.save();
    void this.run();
  }

  /**
   * Leave: the talk is cleared from the tab, erased at the bot (a filed case stays at the desk), and not one step back.
   * @param {boolean} [first] false in the tabs that hear of it
   */
  leave(first = true) {
    document.title = "";
    document.body.replaceChildren();
    if (first) {
      this.tabs.tell({ left: true });
      this.transport.leave();
    } else {
      this.transport.stop();
    }
    this.talk.clear();
    this.listener.left();
    location.replace(this.exitUrl);
  }

  submit() {
    const words = this.frame.text.value.trim();
    if (!words) return;
    this.frame.text.value = "";
    this.fit();
    this.say(words);
  }

  /** Let the box grow with what is written. */
  fit() {
    const { text } = this.frame;
    text.style.height = "auto";
    text.style.height = `${text.scrollHeight + text.offsetHeight - text.clientHeight}px`;
  }

  /** @param {KeyboardEvent} event */
  onKey(event) {
    // While Chinese is being composed, Enter and Esc belong to the input method.
    if (event.isComposing || event.keyCode === 229) return;
    if (event.key === "Escape" && (this.talk.open || this.talk.entries.length)) {
      if (event.timeStamp - this.lastEscape < TWICE_WITHIN) this.leave();
      else this.listener.hide();
      this.lastEscape = event.timeStamp;
    } else if (event.key === "Enter" && !event.shiftKey && event.target === this.frame.text) {
      event.preventDefault();
      this.submit();
    }
  }
}
