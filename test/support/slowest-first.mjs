import Sequencer from '@jest/test-sequencer';

/** Folders whose suites start processes and wait for them, from the slowest on: what begins last is waited for by everybody else. */
const FOLDERS = ['torture', 'pages', 'service', 'acceptance', 'move', 'cli', 'reactions'];

/** A fresh machine does not know how long a suite took the last time, and would begin with the longest file. */
export default class SlowestFirst extends Sequencer {
  sort(tests) {
    const place = ({ path }) => {
      const folder = FOLDERS.findIndex((each) => path.includes(`/test/${each}/`));
      return folder === -1 ? FOLDERS.length : folder;
    };
    return super.sort(tests).toSorted((one, other) => place(one) - place(other));
  }
}
