package dev.heddle.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaPackage;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.core.importer.Location;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import com.tngtech.archunit.library.dependencies.SlicesRuleDefinition;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The table in docs/architecture.md, held against the class files: {@link Room#TABLE} is that table, row by row.
 *
 * <p>Exceptions, should one ever be needed, go into {@link Room#TABLE} with their reason, one line each.
 */
final class ArchitectureTest {
    private static final String ROOT = "dev.heddle";

    /** What ships. Fewer classes than this means that the scan looked in the wrong place; raise it as the house grows. */
    private static final int FEWEST_CLASSES = 250;

    private static final JavaClasses WITH_TESTS = new ClassFileImporter().importPackages(ROOT);

    private static final JavaClasses SHIPPED = WITH_TESTS.that(DescribedPredicate.describe(
            "are no tests", type -> ImportOption.Predefined.DO_NOT_INCLUDE_TESTS.includes(locationOf(type))));

    static List<Room> rooms() {
        return Room.TABLE;
    }

    @ParameterizedTest
    @MethodSource("rooms")
    void importsOnlyWhatItsRowAllows(Room room) {
        Predicate<JavaClass> allowed = target -> isOurs(target)
                ? room.mayImport(roomOf(target))
                : target.isPrimitive() || room.mayUse(target.getPackageName());

        assertThat(classesIn(room).flatMap(c -> c.getDirectDependenciesFromSelf().stream()))
                .filteredOn(
                        dependency -> !allowed.test(dependency.getTargetClass().getBaseComponentType()))
                .extracting(Dependency::getDescription)
                .as("imports of room '%s' that its row does not allow", room)
                .isEmpty();
    }

    @Test
    void everyClassLivesInARoomOfTheTable() {
        Set<String> known = new HashSet<>();
        Room.TABLE.forEach(room -> known.add(room.name()));

        // `dev.heddle`, `dev.heddle.graph` and `dev.heddle.llm` are no rooms, so a class there fails here too.
        assertThat(SHIPPED)
                .filteredOn(type -> !known.contains(roomOf(type)))
                .extracting(JavaClass::getName)
                .as("classes outside the rooms of Room.TABLE")
                .isEmpty();
    }

    @Test
    void noRowAllowsARoomBelowIt() {
        for (int i = 0; i < Room.TABLE.size(); i++) {
            Room lower = Room.TABLE.get(i);
            assertThat(Room.TABLE.subList(i + 1, Room.TABLE.size()))
                    .filteredOn(later -> !lower.name().equals("app") && lower.mayImport(later.name()))
                    .as("rows after '%s' that it may import: the table would allow a cycle", lower)
                    .isEmpty();
        }
    }

    @Test
    void roomsFormNoCycle() {
        ArchRule rule =
                SlicesRuleDefinition.slices().assignedFrom(byRoom()).should().beFreeOfCycles();
        rule.check(SHIPPED);
    }

    @Test
    void everyPackageIsNullMarked() {
        assertThat(WITH_TESTS.stream().map(JavaClass::getPackage).distinct())
                .filteredOn(p -> !p.isAnnotatedWith(NullMarked.class))
                .extracting(JavaPackage::getName)
                .as("packages without @NullMarked in a package-info.java")
                .isEmpty();
    }

    @Test
    void scannedTheWholeHouse() {
        assertThat(SHIPPED.size()).as("classes scanned").isGreaterThan(FEWEST_CLASSES);
    }

    private static Stream<JavaClass> classesIn(Room room) {
        return SHIPPED.stream().filter(type -> roomOf(type).equals(room.name()));
    }

    private static Location locationOf(JavaClass type) {
        return Location.of(type.getSource().orElseThrow().getUri());
    }

    private static boolean isOurs(JavaClass type) {
        return type.getPackageName().equals(ROOT) || type.getPackageName().startsWith(ROOT + ".");
    }

    private static String roomOf(JavaClass type) {
        return type.getPackageName().equals(ROOT) ? "" : type.getPackageName().substring(ROOT.length() + 1);
    }

    private static SliceAssignment byRoom() {
        return new SliceAssignment() {
            @Override
            public SliceIdentifier getIdentifierOf(JavaClass type) {
                return isOurs(type) ? SliceIdentifier.of(roomOf(type)) : SliceIdentifier.ignore();
            }

            @Override
            public String getDescription() {
                return "rooms";
            }
        };
    }
}
