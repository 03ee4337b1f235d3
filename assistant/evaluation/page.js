"use strict";
const cases = [...document.querySelectorAll(".case")];
const controls = document.querySelector("#controls");
const count = document.querySelector("#count");
const more = document.querySelector("#more");
const PAGE = 40;
let limit = PAGE;

function show() {
  const wanted = new FormData(controls);
  const words = wanted.get("text").trim().toLowerCase();
  const fits = cases.filter((one) =>
    (!wanted.get("cause") || one.dataset.cause === wanted.get("cause")
      || (wanted.get("cause") === "wrong" && one.dataset.right === "no")
      || (wanted.get("cause") === "flipped" && one.dataset.flip !== ""))
    && (!wanted.get("type") || one.dataset.type === wanted.get("type"))
    && (!words || one.textContent.toLowerCase().includes(words)));
  for (const one of cases) one.hidden = true;
  for (const one of fits.slice(0, limit)) one.hidden = false;
  count.textContent = fits.length === cases.length ? `${fits.length} cases` : `${fits.length} of ${cases.length} cases`;
  more.hidden = fits.length <= limit;
}

function openTarget() {
  const target = location.hash.length > 1 && document.getElementById(location.hash.slice(1));
  if (!target) return;
  const one = target.closest(".case");
  if (one) { one.hidden = false; one.open = true; }
  for (const old of document.querySelectorAll(".aimed")) old.classList.remove("aimed");
  target.classList.add("aimed");
  target.scrollIntoView({ block: "center" });
}

controls.hidden = false;
controls.addEventListener("input", () => { limit = PAGE; show(); });
controls.addEventListener("submit", (event) => event.preventDefault());
more.addEventListener("click", () => { limit += PAGE; show(); });
addEventListener("hashchange", openTarget);
show();
openTarget();
