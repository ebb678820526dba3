import { defineRule } from '../../src/check/rule.js';

export default defineRule({
  id: 'dockerfile/relative-workdir',
  stage: 'run',
  severity: 'info',
  title: 'WORKDIR is relative to a folder that the base image decides',
  why:
    'A relative WORKDIR lies in the one of the base image, which may change with the base. A job that names files of ' +
    'the image, or that sets its own WorkingDirectory, has to know the whole path.',
  remedy: 'Write the whole path: WORKDIR /app.',
  examples: {
    bad: [
      {
        dockerfile: 'FROM python:3.12\nWORKDIR app\nCMD ["python", "count.py"]\n',
        expect: { stage: 'run', severity: 'info', at: 'app', message: 'python:3.12' },
      },
    ],
    good: [
      { dockerfile: 'FROM python:3.12\nWORKDIR /srv\nWORKDIR app\n' },
      { title: 'a variable', dockerfile: 'ARG HOME_DIR\nFROM python:3.12\nARG HOME_DIR\nWORKDIR $HOME_DIR\n' },
      { title: 'with nothing below', dockerfile: 'FROM scratch\nWORKDIR app\n' },
    ],
  },
  *check({ dockerfile }) {
    const final = dockerfile?.final;
    const folder = final?.workingDir;
    // A letter and a colon begin a path of Windows.
    if (final === undefined || folder === undefined || /^(?:\/|[A-Za-z]:)|\$/.test(folder.value)) return;
    const message = `WORKDIR ${folder.value} lies in the working directory of ${final.base.value}, whichever that is.`;
    yield { at: folder, message };
  },
});
