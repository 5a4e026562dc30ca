// What somebody does before the page is connected is remembered, and taken up once it is.

// Ctrl+K: see listenForKeys in portal.js.
addEventListener('keydown', event => {
  if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 'k' && !window.portalKeysListen) {
    event.preventDefault();
    window.portalPaletteWanted = true;
  }
}, true);

// A text typed into an answer: see open in review.js.
addEventListener('input', event => event.target.closest?.('[data-answer]')?.setAttribute('data-early', ''), true);
