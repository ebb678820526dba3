// Written by `npm run generate`: one line for each file below this folder.
import type { Rule } from '../src/check/rule.js';
import commandCmdCleared from './command/cmd-cleared.js';
import commandDockerRun from './command/docker-run.js';
import commandEntrypointOneWord from './command/entrypoint-one-word.js';
import commandEntrypointRepeated from './command/entrypoint-repeated.js';
import commandNothingToRun from './command/nothing-to-run.js';
import commandShellDropsWords from './command/shell-drops-words.js';
import commandShellSyntax from './command/shell-syntax.js';
import commandUnsetVariable from './command/unset-variable.js';
import dockerfileBakedData from './dockerfile/baked-data.js';
import dockerfileBrokenExecForm from './dockerfile/broken-exec-form.js';
import dockerfileMovingBase from './dockerfile/moving-base.js';
import dockerfileNetworkAtStart from './dockerfile/network-at-start.js';
import dockerfileNonRootUser from './dockerfile/non-root-user.js';
import dockerfilePlatform from './dockerfile/platform.js';
import dockerfileRelativeWorkdir from './dockerfile/relative-workdir.js';
import dockerfileReplacedCommand from './dockerfile/replaced-command.js';
import dockerfileSecret from './dockerfile/secret.js';
import dockerfileServer from './dockerfile/server.js';
import dockerfileShellFormEntrypoint from './dockerfile/shell-form-entrypoint.js';
import dockerfileSyntax from './dockerfile/syntax.js';
import dockerfileVolume from './dockerfile/volume.js';
import imageLocalDiffers from './image/local-differs.js';
import imageLocalOnly from './image/local-only.js';
import imageMissing from './image/missing.js';
import imageMovedTag from './image/moved-tag.js';
import imageMovingTag from './image/moving-tag.js';
import imageNotAllowed from './image/not-allowed.js';
import imageOlderThanBase from './image/older-than-base.js';
import imagePlatform from './image/platform.js';
import imagePrivate from './image/private.js';
import imageProgram from './image/program.js';
import imageReference from './image/reference.js';
import imageServer from './image/server.js';
import imageSize from './image/size.js';
import imageUnreachableHost from './image/unreachable-host.js';
import imageVolume from './image/volume.js';
import inputDeprecatedSource from './input/deprecated-source.js';
import inputHidesImage from './input/hides-image.js';
import inputIpfsCid from './input/ipfs-cid.js';
import inputIpfsMissing from './input/ipfs-missing.js';
import inputIpfsShape from './input/ipfs-shape.js';
import inputIpfsSubpath from './input/ipfs-subpath.js';
import inputLocalPath from './input/local-path.js';
import inputMissing from './input/missing.js';
import inputMountConflict from './input/mount-conflict.js';
import inputMountTarget from './input/mount-target.js';
import inputNonRootUser from './input/non-root-user.js';
import inputNotOffered from './input/not-offered.js';
import inputS3Access from './input/s3-access.js';
import inputS3AllNodes from './input/s3-all-nodes.js';
import inputS3Checksum from './input/s3-checksum.js';
import inputS3Empty from './input/s3-empty.js';
import inputS3Filter from './input/s3-filter.js';
import inputS3Glob from './input/s3-glob.js';
import inputS3Missing from './input/s3-missing.js';
import inputS3Partition from './input/s3-partition.js';
import inputS3Prefix from './input/s3-prefix.js';
import inputS3Region from './input/s3-region.js';
import inputS3WholeBucket from './input/s3-whole-bucket.js';
import inputSize from './input/size.js';
import inputTargetIsFolder from './input/target-is-folder.js';
import inputUnused from './input/unused.js';
import inputUrl from './input/url.js';
import inputUrlExpired from './input/url-expired.js';
import inputUrlNoLength from './input/url-no-length.js';
import inputUrlRenamed from './input/url-renamed.js';
import inputUrlSigned from './input/url-signed.js';
import inputUrlUnreachable from './input/url-unreachable.js';
import inputUrlWebPage from './input/url-web-page.js';
import jobBadValue from './job/bad-value.js';
import jobCommandLine from './job/command-line.js';
import jobConstraint from './job/constraint.js';
import jobDuplicateKey from './job/duplicate-key.js';
import jobDuplicateValue from './job/duplicate-value.js';
import jobEngineParams from './job/engine-params.js';
import jobExtraDocument from './job/extra-document.js';
import jobExtraTask from './job/extra-task.js';
import jobIgnoredKey from './job/ignored-key.js';
import jobMissingField from './job/missing-field.js';
import jobPublisherParams from './job/publisher-params.js';
import jobReplaces from './job/replaces.js';
import jobSameWork from './job/same-work.js';
import jobSecret from './job/secret.js';
import jobSourceParams from './job/source-params.js';
import jobSyntax from './job/syntax.js';
import jobSystemKey from './job/system-key.js';
import jobTemplate from './job/template.js';
import jobTinyMemory from './job/tiny-memory.js';
import jobUnfilled from './job/unfilled.js';
import jobUnknownKey from './job/unknown-key.js';
import jobUnknownType from './job/unknown-type.js';
import jobValueType from './job/value-type.js';
import legacyFormat from './legacy/format.js';
import networkDeprecatedMode from './network/deprecated-mode.js';
import networkHttpDomains from './network/http-domains.js';
import networkNoAccess from './network/no-access.js';
import networkRefused from './network/refused.js';
import networkUselessDomain from './network/useless-domain.js';
import outputLost from './output/lost.js';
import outputNoPublisher from './output/no-publisher.js';
import outputNoResultPath from './output/no-result-path.js';
import outputNonRootUser from './output/non-root-user.js';
import outputNotOffered from './output/not-offered.js';
import outputPathIsFolder from './output/path-is-folder.js';
import outputResultName from './output/result-name.js';
import outputResultPath from './output/result-path.js';
import outputS3Bucket from './output/s3-bucket.js';
import runExitCode from './run/exit-code.js';
import runInputUnopened from './run/input-unopened.js';
import runLostFiles from './run/lost-files.js';
import runNetwork from './run/network.js';
import runNotStarted from './run/not-started.js';
import runOutOfMemory from './run/out-of-memory.js';
import runOutputSize from './run/output-size.js';
import runPermission from './run/permission.js';
import runResources from './run/resources.js';
import runResultsEmpty from './run/results-empty.js';
import runStopped from './run/stopped.js';
import runTimeout from './run/timeout.js';

/** All rules, by id. */
const rules: readonly Rule[] = [
  commandCmdCleared,
  commandDockerRun,
  commandEntrypointOneWord,
  commandEntrypointRepeated,
  commandNothingToRun,
  commandShellDropsWords,
  commandShellSyntax,
  commandUnsetVariable,
  dockerfileBakedData,
  dockerfileBrokenExecForm,
  dockerfileMovingBase,
  dockerfileNetworkAtStart,
  dockerfileNonRootUser,
  dockerfilePlatform,
  dockerfileRelativeWorkdir,
  dockerfileReplacedCommand,
  dockerfileSecret,
  dockerfileServer,
  dockerfileShellFormEntrypoint,
  dockerfileSyntax,
  dockerfileVolume,
  imageLocalDiffers,
  imageLocalOnly,
  imageMissing,
  imageMovedTag,
  imageMovingTag,
  imageNotAllowed,
  imageOlderThanBase,
  imagePlatform,
  imagePrivate,
  imageProgram,
  imageReference,
  imageServer,
  imageSize,
  imageUnreachableHost,
  imageVolume,
  inputDeprecatedSource,
  inputHidesImage,
  inputIpfsCid,
  inputIpfsMissing,
  inputIpfsShape,
  inputIpfsSubpath,
  inputLocalPath,
  inputMissing,
  inputMountConflict,
  inputMountTarget,
  inputNonRootUser,
  inputNotOffered,
  inputS3Access,
  inputS3AllNodes,
  inputS3Checksum,
  inputS3Empty,
  inputS3Filter,
  inputS3Glob,
  inputS3Missing,
  inputS3Partition,
  inputS3Prefix,
  inputS3Region,
  inputS3WholeBucket,
  inputSize,
  inputTargetIsFolder,
  inputUnused,
  inputUrl,
  inputUrlExpired,
  inputUrlNoLength,
  inputUrlRenamed,
  inputUrlSigned,
  inputUrlUnreachable,
  inputUrlWebPage,
  jobBadValue,
  jobCommandLine,
  jobConstraint,
  jobDuplicateKey,
  jobDuplicateValue,
  jobEngineParams,
  jobExtraDocument,
  jobExtraTask,
  jobIgnoredKey,
  jobMissingField,
  jobPublisherParams,
  jobReplaces,
  jobSameWork,
  jobSecret,
  jobSourceParams,
  jobSyntax,
  jobSystemKey,
  jobTemplate,
  jobTinyMemory,
  jobUnfilled,
  jobUnknownKey,
  jobUnknownType,
  jobValueType,
  legacyFormat,
  networkDeprecatedMode,
  networkHttpDomains,
  networkNoAccess,
  networkRefused,
  networkUselessDomain,
  outputLost,
  outputNoPublisher,
  outputNoResultPath,
  outputNonRootUser,
  outputNotOffered,
  outputPathIsFolder,
  outputResultName,
  outputResultPath,
  outputS3Bucket,
  runExitCode,
  runInputUnopened,
  runLostFiles,
  runNetwork,
  runNotStarted,
  runOutOfMemory,
  runOutputSize,
  runPermission,
  runResources,
  runResultsEmpty,
  runStopped,
  runTimeout,
];
export default rules;
