export { own } from '../text/own.js';
