import '@fontsource-variable/noto-sans-jp/wght.css';
import './style/theme.css';
import './style/frame.css';
import './style/lists.css';
import './style/camera.css';
import './style/calendar.css';
import './style/hold.css';
import './style/wall.css';
import './style/together.css';
import { render } from 'preact';
import { App } from './app';

const place = document.getElementById('console');
if (place) render(<App />, place);

// Kept by the browser since it was left, and shown again: what it shows is of then, and its streams have ended.
window.addEventListener('pageshow', (event) => {
  if (event.persisted) location.reload();
});
