/** Tests follow the rules of scripts; why not the root's: see there. */
export { default } from '../scripts/eslint.config.mjs';
