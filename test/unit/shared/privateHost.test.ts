import { expect, it } from '@jest/globals';
import { isPrivateHost } from '../../../nodes/WaveSpeedInfiniteTalk/shared/privateHost';

it.each([
	...['localhost', 'printer', 'a.localhost', 'a.localdomain', 'nas.local', 'a.internal.'],
	...['x.INTRANET', 'a.private', 'a.lan', 'a.home', 'a.corp', 'a.home.arpa', 'fritz.box'],
	...['host.docker', 'a.onion'],
	...['localtest.me', 'a.lvh.me', 'localho.st', '10.0.0.1.nip.io', 'a-192-168-1-2.sslip.io'],
	...['app.10.0.0.1.xip.io', '10-0-0-1.nip.io.', '7f000001.nip.io', 'app-c0a801fc.nip.io'],
	...['10-0-0-1.web.sslip.io', '--1.sslip.io', 'fe80--1.sslip.io', 'www.fd00--1.sslip.io'],
	...['2001-db8-0-0-0-0-0-1.sslip.io', '0-0-0-0-0-ffff-a00-1.sslip.io'],
	...['192-168-0-9.my.local-ip.co', '10.0.0.1.traefik.me', '10-1-2-3.abc.plex.direct'],
	...['08080808.7f000001.rbndr.us', 'a.vcap.me', 'lacolhost.com'],
	...['wavespeed.team.svc', 'db.default.svc.cluster.local', 'web.service.consul', 'a.i2p'],
	// First and last addresses of networks.
	...['0.0.0.0', '0.255.255.255', '10.0.0.0', '10.255.255.255', '100.64.0.0', '100.127.255.255'],
	...['127.0.0.1', '127.255.255.255', '169.254.0.0', '169.254.255.255', '172.16.0.0'],
	...['172.31.255.255', '192.0.0.0', '192.0.0.255', '192.168.0.0', '192.168.255.255'],
	...['198.18.0.0', '198.19.255.255', '224.0.0.0', '239.255.255.255', '240.0.0.0'],
	...['255.255.255.255', '10.0.0.1.'],
	...['[::1]', '[::]', '[0:0:1::1]', '[fc00::]', '[fdff::1]', '[fe80::1]', '[feff::]', '[ff02::1]'],
	...['[::ffff:7f00:1]', '[::ffff:a00:1]', '[64:ff9b::a00:1]', '[2002:a00:1::]'],
	...['[2002:c0a8:102::1]', '[64:ff9b:1::808:808]', '[2606:4700::5efe:a00:1]'],
	...['[2001:0:4136:e378:8000:63bf:3fff:fdd2]', '[2001:10::1]', '[2001:2::1]', '[2001:db8::7]'],
	...['[3fff:fff::1]', '[100::1]', '[5f00::1]', '[0:1::]', '[1::]', '[fbff::1]', '[4000::1]'],
	...['192.0.2.0', '192.0.2.255', '198.51.100.7', '203.0.113.255'],
])('%s is private', (host) => {
	expect(isPrivateHost(host)).toBe(true);
});

it.each([
	...['example.com', 'local.example', 'mylocal.dev', 'localhost.example', 'xlvh.me', 'box.example'],
	...['8.8.8.8.nip.io', '1.2.3.4.example', 'x10.0.0.1.nip.io.example', '10.0.0.1.nip.io.example'],
	...['10.0.1.nip.io', 'fritzxbox.com', 'homexarpa.com', '10.0.0.1.example.com'],
	...['1.0.0.0', '9.255.255.255', '11.0.0.0', '100.63.255.255', '100.128.0.0', '126.255.255.255'],
	...['128.0.0.0', '169.253.255.255', '169.255.0.0', '172.15.255.255', '172.32.0.0'],
	...['191.255.255.255', '192.167.255.255', '192.169.0.0', '198.17.255.255'],
	...['198.20.0.0', '223.255.255.255', '1.2.3.4.'],
	...['[2606:4700::1111]', '[2000::1]', '[3ffe:ffff::1]', '[2001:200::1]', '[2001:db9::1]'],
	...['[3fff:1000::1]', '[::ffff:808:808]', '[64:ff9b::808:808]', '[2002:808:808::]'],
	...['--ffff-808-808.sslip.io', '[2606:ff9b::a00:1]'],
	...['[2003:a00:1::]', '[2606::ffff:a00:1]', '[2606:4700::5efe:808:808]'],
	...['08080808.nip.io', '2606-4700--1111.sslip.io', 'nip.io', 'my-app.sslip.io', 'a-b.nip.io'],
	...['deadbeefs.nip.io', 'svc.example', 'mysvc.example'],
	...['192.0.1.255', '192.0.3.0', '198.51.99.255', '198.51.101.0', '203.0.112.255', '203.0.114.0'],
])('%s is public', (host) => {
	expect(isPrivateHost(host)).toBe(false);
});
