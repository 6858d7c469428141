package dev.meridian.testkit;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Names the security checks that a test holds the server to, such as {@code "S61"}; see
 * docs/SECURITY-CHECKS.md.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.TYPE, ElementType.METHOD})
public @interface Check {
  /** Numbers of checks. */
  String[] value();
}
