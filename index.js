const {
	WaveSpeedInfiniteTalk,
} = require('./dist/nodes/WaveSpeedInfiniteTalk/WaveSpeedInfiniteTalk.node.js');
const {
	WaveSpeedInfiniteTalkApi,
} = require('./dist/credentials/WaveSpeedInfiniteTalkApi.credentials.js');

module.exports = { WaveSpeedInfiniteTalk, WaveSpeedInfiniteTalkApi };
