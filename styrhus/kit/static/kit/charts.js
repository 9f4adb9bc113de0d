// Draws every element marked data-chart from the definition at its address. The table beside it says the same in words.
"use strict";

// The interpreter (ast) needs no eval, and our own stylesheet replaces the inline ones: both closed by the CSP.
const quiet = { ast: true, actions: false, defaultStyle: false, renderer: "svg", tooltip: { disableDefaultStyle: true } };

for (const place of document.querySelectorAll("[data-chart]")) {
  fetch(place.dataset.chart)
    .then((answer) => answer.json())
    .then((chart) => vegaEmbed(place, chart, quiet));
}
