package dev.meridian.policy;

/** What one routed RRset answers each class of clients in one state of health. Immutable. */
public final class Decisions {
  final Decision[] byClass;

  Decisions(Decision[] byClass) {
    this.byClass = byClass;
  }
}
