package dev.meridian.arch;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.SimpleConditionEvent.violated;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noCodeUnits;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import dev.meridian.testkit.Check;
import java.io.IOException;
import java.io.InputStream;
import java.lang.classfile.ClassFile;
import java.lang.classfile.Instruction;
import java.lang.classfile.Opcode;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The shape of the code: which package may see which, and which library may be seen where.
 *
 * <p>{@link #ORDER} is the one list. A package may use only packages that stand before it, so the
 * package graph has no cycle; a new package is a new word in the list.
 */
class ArchitectureTest {
  private static final String ROOT = "dev.meridian";

  private static final List<String> ORDER =
      List.of(
          "wire",
          "rr",
          "net",
          "text",
          "geo",
          "health",
          "policy",
          "zone",
          "config",
          "source",
          "master",
          "policyfile",
          "route53",
          "load",
          "exchange",
          "answer",
          "analysis",
          "reach",
          "spans",
          "querylog",
          "transport",
          "resolver",
          "probe",
          "state",
          "alert",
          "vote",
          "publish",
          "control",
          "metrics",
          "api",
          "cli");

  /** The packages that a query passes on its way to the answer: nothing in them may wait. */
  private static final List<String> QUERY_PATH =
      List.of("wire", "rr", "net", "policy", "zone", "answer");

  /** Main classes only; test classes and benchmarks, wherever they are, may use what they like. */
  private static final JavaClasses MAIN =
      new ClassFileImporter().withImportOption(notBesideThisTest()).importPackages(ROOT);

  private static ImportOption notBesideThisTest() {
    String tests =
        ArchitectureTest.class.getProtectionDomain().getCodeSource().getLocation().getPath();
    return location -> !location.contains(tests);
  }

  @Test
  void aPackageUsesOnlyPackagesBeforeIt() {
    check(classes().should(useOnlyEarlierPackages()));
  }

  @Test
  void everyPackageIsInTheList() {
    Set<String> unknown = new TreeSet<>();
    for (JavaClass type : MAIN) {
      if (position(type) < 0) {
        unknown.add(type.getName());
      }
    }
    assertThat(unknown).as("types outside the packages of ORDER").isEmpty();
  }

  /**
   * Guards the other tests against passing on nothing, as after a wrong import option: every source
   * file leaves at least one class, package-info among them.
   */
  @Test
  void enoughClassesWereSeen() throws IOException {
    try (Stream<Path> files = Files.walk(Path.of("src/main/java"))) {
      long sources = files.filter(file -> file.toString().endsWith(".java")).count();
      assertThat(sources).isPositive();
      assertThat(MAIN.size()).isGreaterThanOrEqualTo(Math.toIntExact(sources));
    }
  }

  @Test
  void everyPackageIsNullMarked() {
    for (String name : packagesFound()) {
      assertThat(MAIN.getPackage(ROOT + "." + name).isAnnotatedWith(NullMarked.class))
          .as("package-info of %s says @NullMarked", name)
          .isTrue();
    }
  }

  /** A library, and the only packages that may depend on it (an empty list: none). */
  @ParameterizedTest(name = "{0} only in {1}")
  @CsvSource({
    "org.xbill..,                 master",
    "com.maxmind..,               geo",
    "io.netty.channel..,          transport resolver probe api",
    "io.netty.handler..,          transport resolver probe api",
    "io.netty.bootstrap..,        transport resolver probe api",
    "io.netty.buffer..,           transport resolver probe api",
    "io.micrometer..,             metrics",
    "io.prometheus..,             metrics",
    "io.opentelemetry..,          spans",
    "org.snakeyaml..,             config source",
    "picocli..,                   cli",
    "ch.qos.logback..,            cli",
    "com.fasterxml..,             exchange probe api cli",
    "java.util.logging..,         spans",
  })
  void aLibraryStaysBehindItsFence(String library, String allowed) {
    check(
        noClasses()
            .that(resideOutside(allowed))
            .should()
            .dependOnClassesThat(resideInAnyPackage(library)));
  }

  @Test
  void onlyTheCommandLinePrints() {
    check(
        noClasses()
            .that(resideOutside("cli"))
            .should()
            .accessField(System.class, "out")
            .orShould()
            .accessField(System.class, "err"));
  }

  /** RFC 1034 makes us answer what we are asked; what others signed or answered is not our care. */
  @Test
  @Check("S59")
  void nothingValidatesNorAsksByTheLibraryOfMasterFiles() {
    check(
        noClasses()
            .should()
            .dependOnClassesThat(
                resideInAnyPackage("org.xbill.DNS.dnssec..", "org.xbill.DNS.lookup.."))
            .orShould()
            .dependOnClassesThat()
            .haveNameMatching("org\\.xbill\\.DNS\\.(Lookup|.*Resolver|ZoneTransferIn|TSIG|SIG0)"));
  }

  /** They follow redirects, proxies of the environment and any scheme. */
  @Test
  @Check({"S78", "S82"})
  void probesUseNoClientOfThePlatform() {
    check(
        noClasses()
            .that(resideInside(List.of("probe", "health", "resolver")))
            .should()
            .dependOnClassesThat(resideInAnyPackage("java.net.http.."))
            .orShould()
            .dependOnClassesThat()
            .haveNameMatching("java\\.net\\.(URL|.*URLConnection|ProxySelector|Authenticator)"));
  }

  @Test
  void theQueryPathUsesNoLockAndNoThreadLocal() {
    check(
        noClasses()
            .that(resideInside(QUERY_PATH))
            .should()
            .dependOnClassesThat(resideInAnyPackage("java.util.concurrent.locks.."))
            .orShould()
            .dependOnClassesThat()
            .areAssignableTo(ThreadLocal.class));
  }

  @Test
  void theQueryPathHasNoSynchronizedMethod() {
    check(
        noCodeUnits()
            .that()
            .areDeclaredInClassesThat(resideInside(QUERY_PATH))
            .should()
            .haveModifier(JavaModifier.SYNCHRONIZED));
  }

  @Test
  void theQueryPathHasNoSynchronizedBlock() {
    check(classes().that(resideInside(QUERY_PATH)).should(notEnterMonitors()));
  }

  /** Packages need not exist yet, so a rule may find nothing to look at. */
  private static void check(ArchRule rule) {
    rule.allowEmptyShould(true).check(MAIN);
  }

  private static ArchCondition<JavaClass> useOnlyEarlierPackages() {
    return new ArchCondition<>("use only packages that stand before their own in ORDER") {
      @Override
      public void check(JavaClass type, ConditionEvents events) {
        type.getDirectDependenciesFromSelf().stream()
            .filter(dependency -> position(dependency.getTargetClass()) > position(type))
            .forEach(dependency -> events.add(violated(type, dependency.getDescription())));
      }
    };
  }

  /** A synchronized block leaves no trace but its instruction, so the class file itself is read. */
  private static ArchCondition<JavaClass> notEnterMonitors() {
    return new ArchCondition<>("have no synchronized block") {
      @Override
      public void check(JavaClass type, ConditionEvents events) {
        boolean enters =
            ClassFile.of().parse(classFile(type)).methods().stream()
                .flatMap(method -> method.code().stream())
                .flatMap(code -> code.elementStream())
                .anyMatch(
                    element ->
                        element instanceof Instruction instruction
                            && instruction.opcode() == Opcode.MONITORENTER);
        if (enters) {
          events.add(violated(type, type.getName() + " has a synchronized block"));
        }
      }
    };
  }

  private static byte[] classFile(JavaClass type) {
    URI location = type.getSource().orElseThrow().getUri();
    try (InputStream in = location.toURL().openStream()) {
      return in.readAllBytes();
    } catch (IOException e) {
      throw new AssertionError("cannot read " + location, e);
    }
  }

  private static DescribedPredicate<JavaClass> resideInside(List<String> packages) {
    return DescribedPredicate.describe(
        "reside in " + packages, type -> packages.contains(packageOf(type)));
  }

  private static DescribedPredicate<JavaClass> resideOutside(String packages) {
    return DescribedPredicate.not(resideInside(List.of(packages.split(" "))));
  }

  private static List<String> packagesFound() {
    List<String> found = new ArrayList<>(ORDER);
    found.removeIf(name -> !MAIN.containPackage(ROOT + "." + name));
    return found;
  }

  /** The place of a type's package in ORDER, or -1 for types that are not ours or not listed. */
  private static int position(JavaClass type) {
    return ORDER.indexOf(packageOf(type));
  }

  /** The package below the root, such as {@code wire}; empty for anything else. */
  private static String packageOf(JavaClass type) {
    String name = type.getBaseComponentType().getPackageName();
    return name.startsWith(ROOT + ".") ? name.substring(ROOT.length() + 1) : "";
  }
}
