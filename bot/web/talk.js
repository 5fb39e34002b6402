// The talk of this tab: what was said, what still has to go out, and the key to the session. Kept in the tab's
// session storage alone, so that a reload goes on and closing the tab leaves nothing.

const KEY = "first-aid-chat";

/** @typedef {{kind: "bot", id: number, text: string, language: string | null, buttons: string[], pressed?: string,
 *   until?: string, checklist?: Step[], file?: string}} Said */
/** @typedef {{name: string, line: string, title: string, done: boolean, tick: string, untick: string}} Step */
/** @typedef {"waiting" | "sent" | "read" | "unanswered" | "too-long"} Fate */
/** @typedef {{kind: "me", clientId: string, text: string, fate: Fate, language?: string,
 *   step?: {name: string, done: boolean}, evidence?: string}} Mine */
/** @typedef {Said | Mine} Entry */
/** @typedef {{token: string, session: string, renewAt: number}} Grant */

export class Talk {
  constructor() {
    const kept = read();
    /** @type {Grant | null} */
    this.grant = kept.grant ?? null;
    /** @type {string | null} */
    this.language = kept.language ?? null;
    /** @type {number | null} */
    this.lastId = kept.lastId ?? null;
    /** @type {Entry[]} */
    this.entries = kept.entries ?? [];
    // How far the text is enlarged and whether the panel is open: a reload shows what was there.
    /** @type {number} */
    this.scale = kept.scale ?? 1;
    /** @type {boolean} */
    this.open = kept.open ?? false;
  }

  save() {
    const { grant, language, lastId, entries, scale, open } = this;
    try {
      sessionStorage.setItem(KEY, JSON.stringify({ grant, language, lastId, entries, scale, open }));
    } catch {
      // No storage: the talk lives as long as the page.
    }
  }

  /** Forget everything, here and in the tab's storage. */
  clear() {
    this.grant = null;
    this.lastId = null;
    this.entries = [];
    this.open = false;
    try {
      sessionStorage.removeItem(KEY);
    } catch {
      // Nothing was stored.
    }
  }

  /** The oldest message that has not gone out. */
  get next() {
    return this.mine.find((entry) => entry.fate === "waiting");
  }

  get mine() {
    return /** @type {Mine[]} */ (this.entries.filter((entry) => entry.kind === "me"));
  }

  /**
   * Note what became of a message. The stream may tell it before the request that sent the message is answered.
   * @param {string} clientId
   * @param {Fate} fate
   */
  mark(clientId, fate) {
    const entry = this.mine.find((candidate) => candidate.clientId === clientId);
    if (entry && (fate !== "sent" || entry.fate === "waiting")) entry.fate = fate;
    this.save();
  }
}

/** @returns {any} */
function read() {
  try {
    return JSON.parse(sessionStorage.getItem(KEY) ?? "{}");
  } catch {
    return {};
  }
}
