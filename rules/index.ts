// Written by `npm run generate`: one line for each file below this folder.
import type { Rule } from '../src/check/rule.js';

/** All rules, by id. */
const rules: readonly Rule[] = [];
export default rules;
