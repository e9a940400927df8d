import { main } from './lib/main';
import { lint } from './test/lint';

main(async () => ((await lint({ fix: process.argv.includes('--fix') })) ? 0 : 1));
