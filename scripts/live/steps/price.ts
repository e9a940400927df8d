/** Prices of the jobs. Free. */
import type { SubmitBody } from '../../../nodes/WaveSpeedInfiniteTalk/api/client';
import { isPlainObject } from '../../../nodes/WaveSpeedInfiniteTalk/api/prediction';
import { DEFAULT_MODEL } from '../../../nodes/WaveSpeedInfiniteTalk/inputs/models';
import { formatUsd } from '../../../nodes/WaveSpeedInfiniteTalk/shared/money';
import { CLIP_S } from '../clips';
import { Different, NotSeen, need } from '../findings';
import type { Session } from '../session';

/** Prices that differ by less are equal: a cent of them may be rounded. */
const TOLERANCE_USD = 0.005;

/** @returns US dollars for one job with this body; undefined where no price is to be had */
export async function checkPrices(
	session: Session,
	body: SubmitBody | undefined,
): Promise<number | undefined> {
	const { findings, prices } = session;
	const uploaded = () => need(body, 'the files were not uploaded');
	const price = await findings.check('price', async () => {
		const quote = await prices.quote(DEFAULT_MODEL, uploaded(), CLIP_S);
		if (quote.currency !== 'USD') throw new Different(`it is in ${quote.currency}`);
		return [`${formatUsd(quote.price)} for a video of ${CLIP_S} s`, quote.price];
	});
	await findings.check('price-discount', async () => [discountIn(session), undefined]);
	await findings.check('price-length', async () => {
		const together = need(price, 'there was no price');
		const longer: SubmitBody = { ...uploaded(), order: 'left_right' };
		const quote = await prices.quote(DEFAULT_MODEL, longer, 2 * CLIP_S);
		const text = `one after the other costs ${formatUsd(quote.price)}, together ${formatUsd(together)}`;
		if (Math.abs(quote.price - 2 * together) < TOLERANCE_USD) return [text, undefined];
		throw new Different(text);
	});
	return price;
}

function discountIn({ http }: Session): string {
	const answer = http.of('price')[0]?.answer;
	const data = isPlainObject(answer) && isPlainObject(answer.data) ? answer.data : {};
	const { price, discounted_price: discounted, discount_rate: rate } = data;
	if (typeof price !== 'number' || typeof discounted !== 'number') {
		throw new NotSeen('the answer has no discounted price');
	}
	if (discounted > price) throw new Different('the discounted price is the higher one');
	if (typeof rate !== 'number') throw new NotSeen('the account has no discount');
	if (Math.abs((price * rate) / 100 - discounted) < TOLERANCE_USD) return `${rate} % are paid`;
	throw new Different(`a rate of ${rate} makes ${discounted} of ${price}`);
}
