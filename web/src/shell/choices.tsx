import { chooseLanguage, chooseTheme, isDark, useLanguage, useTheme } from '../preferences.ts';
import { Icon } from '../parts/icon.tsx';
import { useTexts } from '../texts.ts';
import { shellTexts } from './shell.texts.ts';

/** The other language, in its own name. */
export function LanguageButton() {
  const isChinese = useLanguage() === 'zh';
  return (
    <button
      className="button quiet small"
      type="button"
      lang={isChinese ? 'en' : 'zh-CN'}
      onClick={() => chooseLanguage(isChinese ? 'en' : 'zh')}
    >
      {isChinese ? 'English' : '中文'}
    </button>
  );
}

/** Light to dark and back; Settings also knows "as the system". */
export function ThemeButton() {
  const texts = useTexts(shellTexts);
  const theme = useTheme();
  return (
    <button
      className="button quiet small icon-only"
      type="button"
      aria-label={texts.theme[theme]}
      title={texts.theme[theme]}
      onClick={() => chooseTheme(isDark() ? 'light' : 'dark')}
    >
      <Icon name="moon" />
    </button>
  );
}
