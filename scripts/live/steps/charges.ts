/** The bill. */
import type { BillingRecord } from '../../../nodes/WaveSpeedInfiniteTalk/api/account';
import { chargesByJob } from '../../../nodes/WaveSpeedInfiniteTalk/api/account';
import type { Prediction } from '../../../nodes/WaveSpeedInfiniteTalk/api/prediction';
import { formatUsd, roundUsd } from '../../../nodes/WaveSpeedInfiniteTalk/shared/money';
import { Different, NotSeen, need } from '../findings';
import type { Session } from '../session';

/** A bill may come later than the video: tries, and milliseconds between two. */
const TRIES = 6;
const PAUSE_MS = 10_000;

/** @param price US dollars, as quoted */
export async function checkCharge(
	session: Session,
	ended: Prediction | undefined,
	price: number,
): Promise<void> {
	await session.findings.check('charge', async () => {
		const { id } = need(ended, 'the job has not completed');
		const records = await recordsOf(session, id, (found) => found.length > 0);
		const charged = chargesByJob(records).get(id);
		if (charged === undefined) throw new Different('the bill does not show the job');
		const text = `${formatUsd(charged)}, quoted ${formatUsd(price)}`;
		if (charged !== roundUsd(price)) throw new Different(text);
		return [text, undefined];
	});
}

export async function checkRefund(session: Session, failed: Prediction | undefined): Promise<void> {
	await session.findings.check('refund', async () => {
		const { id } = need(failed, 'no job has failed');
		const isRefund = ({ type }: BillingRecord) => type === 'refund';
		const records = await recordsOf(session, id, (found) => found.some(isRefund));
		if (records.length === 0) return ['it was not charged', undefined];
		const charged = chargesByJob(records).get(id);
		if (charged === 0) return ['all of it', undefined];
		throw new NotSeen('not yet; WaveSpeed promises it within 3 hours');
	});
}

/** The bill of a job, read until it is complete or the tries are used up. */
async function recordsOf(
	{ client, clock }: Session,
	id: string,
	isComplete: (records: BillingRecord[]) => boolean,
): Promise<BillingRecord[]> {
	for (let tries = 1; ; tries++) {
		const records = await client.billings([id]);
		if (isComplete(records) || tries === TRIES) return records;
		await clock.sleep(PAUSE_MS);
	}
}
