// Ctrl+K pressed before the page is connected is remembered, and answered once it is (see listenForKeys in portal.js).
addEventListener('keydown', event => {
  if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 'k' && !window.portalKeysListen) {
    event.preventDefault();
    window.portalPaletteWanted = true;
  }
}, true);
