/** The theme switch. Everything else in the shell is plain HTML. */
const THEMES = ['system', 'light', 'dark'] as const;
const KEY = 'fluxion-theme';
type Theme = (typeof THEMES)[number];

const button = document.querySelector<HTMLButtonElement>('.theme')!;
const current = () => (document.documentElement.dataset.theme as Theme | undefined) ?? 'system';

function label() {
  const next = THEMES[(THEMES.indexOf(current()) + 1) % THEMES.length];
  button.setAttribute('aria-label', `Colours: ${current()}. Change to ${next}`);
  button.title = `Colours: ${current()}`;
}

function choose(theme: Theme) {
  if (theme === 'system') delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
  try {
    if (theme === 'system') localStorage.removeItem(KEY);
    else localStorage.setItem(KEY, theme);
  } catch {
    // Storage can be forbidden; the choice then lasts for this page alone.
  }
  label();
}

button.hidden = false;
label();
button.addEventListener('click', () => choose(THEMES[(THEMES.indexOf(current()) + 1) % THEMES.length]!));

export {};
