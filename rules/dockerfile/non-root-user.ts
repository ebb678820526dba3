import { defineRule, type RuleFinding } from '../../src/check/rule.js';
import type { DockerfileStage } from '../../src/dockerfile/dockerfile.js';
import { isRootUser } from '../../src/image/user.js';
import type { SourceText } from '../../src/text/source.js';
import { buildStepsWith } from '../../src/workload/build-step.js';
import { isOutputsPath } from '../../src/workload/folders.js';

export default defineRule({
  id: 'dockerfile/non-root-user',
  stage: 'run',
  severity: 'info',
  title: 'USER cannot write into the results of a job',
  why:
    'For each result path a node makes a folder of mode 0755 that is owned by the user that runs Bacalhau, mostly root, ' +
    'and mounts it over what the image has there. A chown or chmod while the image is built changes a folder that ' +
    'is then hidden, and so does a numeric USER. There is no option for the user of a job.',
  remedy:
    'Leave USER out for jobs that collect results. Or start as root and give the folder away before the work begins: ' +
    'an ENTRYPOINT script with chown app /outputs && exec setpriv --reuid app --regid app --clear-groups "$@".',
  examples: {
    bad: [
      {
        dockerfile: 'FROM python:3.12\nUSER app\nCMD ["python", "-V"]\n',
        expect: { stage: 'run', severity: 'info', at: 'app', message: 'result paths' },
      },
      {
        title: 'the command writes there',
        dockerfile: 'FROM python:3.12\nUSER 1000:1000\nCMD date > /outputs/now.txt\n',
        expect: { stage: 'run', severity: 'warning', at: '1000:1000', message: 'Permission denied' },
      },
      {
        title: 'a chown that helps on the laptop',
        dockerfile: 'FROM python:3.12\nRUN mkdir /outputs && chown app /outputs\nUSER app\nCMD ["python"]\n',
        expect: { stage: 'run', severity: 'warning', at: 'app', message: 'chown' },
      },
    ],
    good: [
      { dockerfile: 'FROM python:3.12\nUSER app\nRUN pip list\nUSER 0\n' },
      { title: 'decided while building', dockerfile: 'FROM python:3.12\nARG U\nUSER $U\n' },
      { dockerfile: 'FROM python:3.12\nRUN chown app /outputs\n' },
    ],
  },
  *check({ dockerfile, workload, source }) {
    const final = dockerfile?.final;
    const user = final?.user;
    if (final === undefined || user === undefined || isRootUser(user.value) || user.value.includes('$')) return;
    const write = workload?.writes.find(({ path, guess }) => !guess && isOutputsPath(path));
    const chown = givenAway(final, source);
    const cannot = `The image runs as ${user.value}, who cannot write into the result paths of a job`;
    if (write !== undefined) {
      yield {
        at: user,
        severity: 'warning',
        evidence: write.origin,
        message: `${cannot}: writing to ${write.path} ends in "Permission denied".`,
        related: [
          ...(write.word.at === undefined ? [] : [{ message: 'it is written here', at: write.word.at }]),
          ...chown,
        ],
      };
    } else if (chown.length > 0) {
      yield {
        at: user,
        severity: 'warning',
        confidence: 'medium',
        message: `${cannot}; the chown while building does not help, for the node mounts its own folder there.`,
        related: chown,
      };
    } else yield { at: user, message: `${cannot}.` };
  },
});

/** Where the build changes the owner or the mode of a folder for results. */
function givenAway(final: DockerfileStage, source: SourceText): NonNullable<RuleFinding['related']> {
  for (const { run, workload } of buildStepsWith(['chown', 'chmod'], final, source)) {
    for (const { program, words } of workload.calls) {
      const folder = words.find(({ text }) => text.startsWith('/') && isOutputsPath(text));
      if (folder === undefined || (program !== 'chown' && program !== 'chmod')) continue;
      return [{ message: `this ${program} is of the folder that the mount hides`, at: folder.at ?? run }];
    }
  }
  return [];
}
