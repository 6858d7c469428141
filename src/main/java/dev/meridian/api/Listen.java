package dev.meridian.api;

import java.net.SocketAddress;

/** Where the HTTP surface is opened, and who may come in there. */
record Listen(SocketAddress address, Access access) {}
