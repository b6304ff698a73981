package dev.heddle.agent.tool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class CalculatorTest {

    @ParameterizedTest
    @CsvSource({
        "6*7, 42",
        "2 + 3 * 4, 14",
        "(2 + 3) * 4, 20",
        "0.1 + 0.2, 0.3",
        "-2^2, -4",
        "2^-1, 0.5",
        "2^3^2, 512",
        "10 / 4, 2.5",
        "1/3, 0.3333333333333333333333333333333333",
        "--3, 3",
        "1e2, ERROR",
        "100, 100",
        "2 - 3 - 4, -5"
    })
    void worksOutExactly(String expression, String value) {
        if (value.equals("ERROR")) {
            assertThatExceptionOfType(ArithmeticException.class).isThrownBy(() -> Calculator.evaluate(expression));
        } else {
            assertThat(Calculator.evaluate(expression)).isEqualTo(value);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "1 +", "(1", "1)", "2 3", "1/0", "0^-1", "x", "1..2", "2^1000", "2^0.5", "9^999^9"})
    void refusesWhatHasNoValue(String expression) {
        assertThatExceptionOfType(ArithmeticException.class).isThrownBy(() -> Calculator.evaluate(expression));
    }

    @ParameterizedTest
    @ValueSource(ints = {51, 400})
    void refusesNestingThatWouldExhaustTheStack(int depth) {
        assertThatExceptionOfType(ArithmeticException.class)
                .isThrownBy(() -> Calculator.evaluate("(".repeat(depth) + "1"));
        assertThatExceptionOfType(ArithmeticException.class)
                .isThrownBy(() -> Calculator.evaluate("-".repeat(depth) + "1"));
    }
}
