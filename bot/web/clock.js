// Time left, ticking: the server names the end, the tab counts.

import { make } from "./dom.js";
import { _ } from "./strings.js";

const HOUR = 3600000;

/** @param {string} until ISO 8601 */
export function paintClock(until) {
  const clock = make("p", "clock");
  clock.setAttribute("role", "timer");
  clock.dataset.until = until;
  tick(clock);
  return clock;
}

/** @param {HTMLElement} clock */
export function tick(clock) {
  const hours = (Date.parse(clock.dataset.until ?? "") - Date.now()) / HOUR;
  clock.hidden = Number.isNaN(hours);
  // Whole hours, rounded as the bot rounds them: when the money left is known roughly.
  clock.textContent = hours <= 0
    ? _("The best time is over. Call all the same.")
    : hours < 1
      ? _("Less than an hour is left")
      : _("Hours left: {hours}").replace("{hours}", String(Math.round(hours)));
}
