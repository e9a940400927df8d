import { main } from './lib/main';
import { readBenchArguments, runBench } from '../test/bench/bench';

main(async () => await runBench(readBenchArguments(process.argv.slice(2))));
