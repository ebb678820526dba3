// Written by `npm run generate`: one line for each file below this folder.
import type { Rule } from '../src/check/rule.js';
import dockerfileBrokenExecForm from './dockerfile/broken-exec-form.js';
import dockerfilePlatform from './dockerfile/platform.js';
import dockerfileShellFormEntrypoint from './dockerfile/shell-form-entrypoint.js';
import dockerfileSyntax from './dockerfile/syntax.js';
import imageLocalDiffers from './image/local-differs.js';
import imageLocalOnly from './image/local-only.js';
import imageMissing from './image/missing.js';
import imageMovingTag from './image/moving-tag.js';
import imagePlatform from './image/platform.js';
import imagePrivate from './image/private.js';
import imageReference from './image/reference.js';
import imageUnreachableHost from './image/unreachable-host.js';
import inputIpfsCid from './input/ipfs-cid.js';
import inputIpfsSubpath from './input/ipfs-subpath.js';
import jobBadValue from './job/bad-value.js';
import jobDuplicateKey from './job/duplicate-key.js';
import jobDuplicateValue from './job/duplicate-value.js';
import jobEngineParams from './job/engine-params.js';
import jobExtraDocument from './job/extra-document.js';
import jobExtraTask from './job/extra-task.js';
import jobIgnoredKey from './job/ignored-key.js';
import jobMissingField from './job/missing-field.js';
import jobPublisherParams from './job/publisher-params.js';
import jobSourceParams from './job/source-params.js';
import jobSyntax from './job/syntax.js';
import jobSystemKey from './job/system-key.js';
import jobTemplate from './job/template.js';
import jobUnknownKey from './job/unknown-key.js';
import jobUnknownType from './job/unknown-type.js';
import jobValueType from './job/value-type.js';
import legacyFormat from './legacy/format.js';
import networkDeprecatedMode from './network/deprecated-mode.js';
import networkHttpDomains from './network/http-domains.js';
import networkNoAccess from './network/no-access.js';
import networkRefused from './network/refused.js';
import networkUselessDomain from './network/useless-domain.js';

/** All rules, by id. */
const rules: readonly Rule[] = [
  dockerfileBrokenExecForm,
  dockerfilePlatform,
  dockerfileShellFormEntrypoint,
  dockerfileSyntax,
  imageLocalDiffers,
  imageLocalOnly,
  imageMissing,
  imageMovingTag,
  imagePlatform,
  imagePrivate,
  imageReference,
  imageUnreachableHost,
  inputIpfsCid,
  inputIpfsSubpath,
  jobBadValue,
  jobDuplicateKey,
  jobDuplicateValue,
  jobEngineParams,
  jobExtraDocument,
  jobExtraTask,
  jobIgnoredKey,
  jobMissingField,
  jobPublisherParams,
  jobSourceParams,
  jobSyntax,
  jobSystemKey,
  jobTemplate,
  jobUnknownKey,
  jobUnknownType,
  jobValueType,
  legacyFormat,
  networkDeprecatedMode,
  networkHttpDomains,
  networkNoAccess,
  networkRefused,
  networkUselessDomain,
];
export default rules;
