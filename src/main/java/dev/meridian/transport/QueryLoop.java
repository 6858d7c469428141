package dev.meridian.transport;

import dev.meridian.answer.QueryContext;

/**
 * What one thread answers with. Neither part may be shared with another.
 *
 * @param context carries the message in and the response out
 * @param handler turns the one into the other
 */
public record QueryLoop(QueryContext context, MessageHandler handler) {}
