import '../test/emulator/main';
