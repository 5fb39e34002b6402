// Tabs that show the same talk (a tab that was duplicated) hear of each other what the server does not repeat.

/** @typedef {import("./talk.js").Mine} Mine */
/** @typedef {{said: Mine} | {left: true}} News */

export class Tabs {
  /** @param {(news: News) => void} hear */
  constructor(hear) {
    this.hear = hear;
    /** @type {BroadcastChannel | null} */
    this.channel = null;
  }

  /** @param {string | undefined} session */
  join(session) {
    const name = `first-aid-chat:${session}`;
    if (!session || this.channel?.name === name || !globalThis.BroadcastChannel) return;
    this.channel?.close();
    this.channel = new BroadcastChannel(name);
    this.channel.addEventListener("message", (event) => this.hear(event.data));
  }

  /** @param {News} news */
  tell(news) {
    this.channel?.postMessage(news);
  }
}
