// Talks to the server: opens the session, sends what waits, one after another, and reads the stream of answers,
// again and again, until the talk ends.

/** @typedef {import("./talk.js").Talk} Talk */
/** @typedef {"connecting" | "open" | "lost" | "ended"} State */
/** @typedef {{event: (name: string, data: any) => void, state: (state: State) => void, fate: () => void}} Listener */

const FIRST_WAIT = 1000;
const LONGEST_WAIT = 30000;
const SILENCE = 40000;
const FIRST_BYTE = 6000;
const BREATH = 100;

class Ended extends Error {}
class HeldBack extends Error {}

/** The time zone dates are meant in: "yesterday at nine" is where the person is. */
function timeZone() {
  return Intl.DateTimeFormat().resolvedOptions().timeZone ?? "";
}

export class Transport {
  /**
   * @param {URL} base where the channel's routes are
   * @param {Talk} talk
   * @param {Listener} listener
   */
  constructor(base, talk, listener) {
    this.base = base;
    this.talk = talk;
    this.listener = listener;
    this.wait = FIRST_WAIT;
    this.sending = false;
    this.stopped = false;
    // Some proxies let nothing through before a response has ended: then each is to end soon.
    this.brief = false;
    /** @type {AbortController} */
    this.stream = new AbortController();
    /** @type {() => void} */
    this.wakeUp = () => {};
    addEventListener("online", () => this.retry());
    addEventListener("offline", () => this.stream.abort());
  }

  /** Connect, and stay connected until the talk ends or `stop` is called. */
  async run() {
    this.stopped = false;
    while (!this.stopped) {
      try {
        this.listener.state("connecting");
        await this.admit();
        do await this.listen();
        while (this.brief && await this.pause(BREATH) && !this.stopped);
      } catch (error) {
        if (this.stopped) return;
        if (error instanceof Ended) {
          this.listener.state("ended");
          return;
        }
        if (error instanceof HeldBack) continue;
      }
      if (this.stopped) return;
      this.listener.state("lost");
      await this.pause(this.wait * (0.75 + Math.random() / 2));
      this.wait = Math.min(this.wait * 2, LONGEST_WAIT);
    }
  }

  /** Try again now instead of waiting. */
  retry() {
    this.wait = FIRST_WAIT;
    this.wakeUp();
  }

  /** Send what waits in the talk, in order, each exactly once. */
  async send() {
    if (this.sending) return;
    this.sending = true;
    try {
      for (let entry = this.talk.next; entry && this.talk.grant; entry = this.talk.next) {
        await this.admit();
        const body = entry.language
          ? { language: entry.language, client_id: entry.clientId }
          : { text: entry.text, client_id: entry.clientId, time_zone: timeZone(), step: entry.step,
            evidence: Boolean(entry.evidence) };
        const answer = await this.call("POST", entry.language ? "session/language" : "messages", body);
        if (answer.status === 429) {
          await this.pause(1000 * Number(answer.headers.get("Retry-After") ?? 5));
          continue;
        }
        if (answer.ok && entry.language) this.keep(await answer.json());
        else if (answer.status >= 500) throw new Error(String(answer.status));
        this.talk.mark(entry.clientId, answer.ok ? "sent" : answer.status === 413 ? "too-long" : "unanswered");
        this.listener.fate();
      }
    } catch (error) {
      if (error instanceof Ended) this.listener.state("ended");
      this.stream.abort();
    } finally {
      this.sending = false;
    }
  }

  /**
   * Save the file of a message.
   * @param {number} id
   * @returns {Promise<boolean>} whether the browser has begun to
   */
  async save(id) {
    try {
      const answer = await this.call("POST", "documents", { id });
      if (!answer.ok) return false;
      const link = document.createElement("a");
      link.href = new URL((await answer.json()).path, this.base).href;
      link.rel = "noreferrer";
      link.click();
      return true;
    } catch {
      return false;
    }
  }

  /** Let go of the server; `run` comes back. */
  stop() {
    this.stopped = true;
    this.stream.abort();
    this.wakeUp();
  }

  /** Leave for good: the server forgets the talk even while this page is being unloaded. */
  leave() {
    this.stop();
    if (!this.talk.grant) return;
    const headers = { Authorization: `Bearer ${this.talk.grant.token}` };
    fetch(new URL("session", this.base), {
      method: "DELETE", headers, keepalive: true, credentials: "omit", referrerPolicy: "no-referrer",
    }).catch(() => {});
  }

  async admit() {
    if (this.talk.grant && Date.now() < this.talk.grant.renewAt) return;
    const renewing = this.talk.grant !== null;
    const body = renewing ? undefined : { language: this.talk.language ?? "en" };
    const answer = await this.call("POST", renewing ? "session/renew" : "session", body);
    if (!answer.ok) throw new Error(String(answer.status));
    this.keep(await answer.json());
  }

  /** @param {{token: string, session: string, expires_in: number}} grant */
  keep(grant) {
    const { token, session } = grant;
    this.talk.grant = { token, session, renewAt: Date.now() + (grant.expires_in * 1000) / 2 };
    this.talk.save();
  }

  async listen() {
    this.stream = new AbortController();
    /** @type {Record<string, string>} */
    const headers = this.talk.lastId === null ? {} : { "Last-Event-ID": String(this.talk.lastId) };
    const heldBack = setTimeout(() => {
      const reason = this.brief ? undefined : new HeldBack();
      this.brief = true;
      this.stream.abort(reason);
    }, this.brief ? SILENCE : FIRST_BYTE);
    try {
      await this.read(await this.call("GET", this.brief ? "events?brief=1" : "events", undefined, {
        headers, signal: this.stream.signal,
      }), heldBack);
    } finally {
      clearTimeout(heldBack);
    }
  }

  /**
   * @param {Response} answer
   * @param {number} heldBack timer of the first byte
   */
  async read(answer, heldBack) {
    if (!answer.ok || !answer.body) throw new Error(String(answer.status));
    this.wait = FIRST_WAIT;
    this.listener.state("open");
    void this.send();
    const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
    let unread = "";
    for (;;) {
      const { done, value } = await this.inTime(reader.read());
      clearTimeout(heldBack);
      if (done) return;
      const blocks = (unread + value).split("\n\n");
      unread = blocks.pop() ?? "";
      for (const block of blocks) this.dispatch(block);
    }
  }

  /** @param {string} block one server-sent event */
  dispatch(block) {
    /** @type {Record<string, string>} */
    const fields = {};
    for (const line of block.split("\n")) {
      const colon = line.indexOf(": ");
      if (colon > 0) fields[line.slice(0, colon)] = line.slice(colon + 2);
    }
    if (!fields.event) return;
    this.talk.lastId = Number(fields.id);
    this.listener.event(fields.event, JSON.parse(fields.data));
    this.talk.save();
  }

  /**
   * A stream without even a heartbeat is dead, whatever the network says.
   * @template T
   * @param {Promise<T>} reading
   */
  async inTime(reading) {
    const timer = setTimeout(() => this.stream.abort(), SILENCE);
    try {
      return await reading;
    } finally {
      clearTimeout(timer);
    }
  }

  /**
   * @param {string} method
   * @param {string} route
   * @param {object} [body]
   * @param {{headers?: Record<string, string>, signal?: AbortSignal}} [options]
   */
  async call(method, route, body, options = {}) {
    /** @type {Record<string, string>} */
    const headers = { ...options.headers };
    if (this.talk.grant) headers.Authorization = `Bearer ${this.talk.grant.token}`;
    if (body) headers["Content-Type"] = "application/json";
    const answer = await fetch(new URL(route, this.base), {
      method, headers, signal: options.signal, cache: "no-store", credentials: "omit", referrerPolicy: "no-referrer",
      body: body && JSON.stringify(body),
    });
    if (answer.status === 401) throw new Ended();
    return answer;
  }

  /** @param {number} milliseconds */
  pause(milliseconds) {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, milliseconds, true);
      this.wakeUp = () => {
        clearTimeout(timer);
        resolve(true);
      };
    });
  }
}
