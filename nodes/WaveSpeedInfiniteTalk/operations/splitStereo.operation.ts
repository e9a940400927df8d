import { updateDisplayOptions } from 'n8n-workflow';
import type { Item } from '../n8n/item';
import type { ItemOutput } from '../n8n/items';
import { settleItems, toNodeItems } from '../n8n/items';
import type { LocalRun } from '../n8n/run';
import { measureWavSound } from '../tracks/measureSound';
import type { OpenContent, WavSound } from '../tracks/sound';
import { soundSeconds } from '../tracks/sound';
import { channelTrack } from '../tracks/splitChannels';
import { fileNamesOption, readSoundFile, storeTracks, throwIfCancelled } from './audioFiles';
import { optionsField } from './fields';
import { audioField } from './mediaFields';
import type { LocalOperation } from './operation';
import { prepareItems, requirePrepared } from './prepareItems';

const ADVICE =
	'Use a WAV file with one person on each of two channels, such as the recording of a call.';

/** A recording that can be split. */
interface Recording {
	sound: WavSound;
	open: OpenContent;
	fileNames: unknown;
}

export const splitStereo: LocalOperation = {
	resource: 'audio',
	option: {
		name: 'Split Stereo',
		value: 'splitStereo',
		action: 'Split stereo into two voices',
		description:
			'Split a stereo recording with one person on each channel, such as a phone call, into two voices. Nothing is sent.',
	},
	fields: updateDisplayOptions({ show: { resource: ['audio'], operation: ['splitStereo'] } }, [
		audioField('a stereo recording (WAV)'),
		optionsField(fileNamesOption),
	]),

	async execute(run) {
		const prepared = await prepareItems(run, async (item) => {
			throwIfCancelled(run);
			return await readRecording(run, item);
		});
		const results = await settleItems(run, async (index) => {
			return await split(run, requirePrepared(prepared, index));
		});
		return toNodeItems(run, results);
	},
};

/** @throws JobError that names the field */
async function readRecording(run: LocalRun, item: Item): Promise<Recording> {
	const { type, open, refuse } = await readSoundFile(run, item);
	if (type !== 'audio/wav') throw refuse({ message: 'is not a WAV file', advice: ADVICE });
	const sound = await measureWavSound(open);
	if ('message' in sound) throw refuse({ ...sound, advice: ADVICE });
	const { channels } = sound.format;
	if (channels !== 2) {
		const what = channels === 1 ? 'is mono' : `has ${channels} channels`;
		throw refuse({ message: `${what}, not stereo`, advice: ADVICE });
	}
	return { sound, open, fileNames: item.option('fileNames') };
}

async function split(run: LocalRun, { sound, open, fileNames }: Recording): Promise<ItemOutput> {
	const tracks = { left: channelTrack(sound, open, 0), right: channelTrack(sound, open, 1) };
	const binary = await storeTracks(run, tracks, fileNames);
	return { json: { duration_s: Math.round(soundSeconds(sound) * 1000) / 1000 }, binary };
}
