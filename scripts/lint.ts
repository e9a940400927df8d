import { main } from './lib/main';
import { lint } from './test/checks';

main(async () => ((await lint(undefined, process.argv.includes('--fix'))) ? 0 : 1));
