package dev.meridian.transport;

/** What is counted per thread. All but {@link #TCP_OPEN} only ever grow. */
public enum TransportCounter {
  /** Datagrams read. */
  UDP_RECEIVED,
  /** Datagrams handed to the kernel. */
  UDP_SENT,
  /** Datagrams that the handler chose not to answer. */
  UDP_UNANSWERED,
  /** Datagrams from a source that nobody is answered at, {@link SourceGuard}; dropped unread. */
  UDP_SOURCE_REFUSED,
  /** Datagrams, in or out, longer than {@link TransportSettings#MAX_DATAGRAM_OCTETS}; dropped. */
  UDP_TOO_LONG,
  /** Replies dropped because the kernel's send buffer was full. */
  UDP_SEND_BUFFER_FULL,
  /** Replies that the kernel refused: no route, a packet filter, an unreachable network. */
  UDP_SEND_REFUSED,
  /** Reads of a UDP socket that failed. */
  UDP_RECEIVE_ERRORS,

  /** Connections accepted. */
  TCP_ACCEPTED,
  /** Attempts to accept that failed, mostly for want of file descriptors; made again soon. */
  TCP_ACCEPT_FAILED,
  /** Connections open now. */
  TCP_OPEN,
  /** Messages read. */
  TCP_RECEIVED,
  /** Responses written. */
  TCP_SENT,
  /** Messages that the handler chose not to answer. */
  TCP_UNANSWERED,
  /** Connections that ended from the client's side, by FIN or RST. */
  TCP_CLOSED_BY_CLIENT,
  /** Connections closed because they were idle for too long, {@link TcpSettings#idleTimeout()}. */
  TCP_CLOSED_IDLE,
  /** Connections closed because a message took longer than {@link TcpSettings#messageTimeout()}. */
  TCP_CLOSED_MESSAGE_TIMEOUT,
  /** Connections closed because a client announced a message that cannot be a query. */
  TCP_CLOSED_BAD_LENGTH,
  /** Connections closed because a client did not read its answers. */
  TCP_CLOSED_SLOW_READER,
  /** Idle connections closed to make room for new ones. */
  TCP_CLOSED_EVICTED,
  /** New connections closed because their address has its share already. */
  TCP_CLOSED_REFUSED,
  /** Connections closed because of an error on our side. */
  TCP_CLOSED_ERROR,
  /** Connections closed because the server stopped. */
  TCP_CLOSED_SHUTDOWN,

  /** Messages lost because the handler threw or returned an impossible length. */
  HANDLER_FAILURES
}
