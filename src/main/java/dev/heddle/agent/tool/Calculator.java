package dev.heddle.agent.tool;

import java.math.BigDecimal;
import java.math.MathContext;

/**
 * Arithmetic on exact decimals (division to 34 digits). Small on purpose: the libraries for this bring functions,
 * variables and reflection that a model's calculator does not need.
 *
 * <pre>
 * sum     = product { ("+" | "-") product }
 * product = signed { ("*" | "/") signed }
 * signed  = ["-" | "+"] signed | power
 * power   = atom ["^" signed]
 * atom    = number | "(" sum ")"
 * </pre>
 */
final class Calculator {
    private static final int MOST_CHARACTERS = 500;
    private static final int MOST_DEPTH = 50;
    private static final int MOST_EXPONENT = 999;
    private static final int MOST_DIGITS = 1_000;

    private final String expression;
    private int at;
    private int depth;

    private Calculator(String expression) {
        this.expression = expression;
    }

    /**
     * The value of an expression, in plain notation.
     *
     * @throws ArithmeticException with words for the model, if there is none
     */
    static String evaluate(String expression) {
        if (expression.length() > MOST_CHARACTERS) {
            throw new ArithmeticException("too long, at most " + MOST_CHARACTERS + " characters are allowed.");
        }
        Calculator calculator = new Calculator(expression);
        BigDecimal value = calculator.sum();
        calculator.skipSpace();
        if (calculator.at < expression.length()) {
            throw calculator.unexpected("an operator");
        }
        BigDecimal plain = value.stripTrailingZeros();
        if (plain.precision() + Math.abs((long) plain.scale()) > MOST_DIGITS) {
            throw new ArithmeticException("the result has more than " + MOST_DIGITS + " digits.");
        }
        return plain.toPlainString();
    }

    private BigDecimal sum() {
        BigDecimal value = product();
        while (true) {
            if (take('+')) {
                value = value.add(product());
            } else if (take('-')) {
                value = value.subtract(product());
            } else {
                return value;
            }
        }
    }

    private BigDecimal product() {
        BigDecimal value = signed();
        while (true) {
            if (take('*')) {
                value = bounded(value.multiply(signed()));
            } else if (take('/')) {
                BigDecimal divisor = signed();
                if (divisor.signum() == 0) {
                    throw new ArithmeticException("division by zero.");
                }
                value = value.divide(divisor, MathContext.DECIMAL128);
            } else {
                return value;
            }
        }
    }

    private BigDecimal signed() {
        if (++depth > MOST_DEPTH) {
            throw new ArithmeticException("nested too deeply.");
        }
        try {
            if (take('-')) {
                return signed().negate();
            }
            return take('+') ? signed() : power();
        } finally {
            depth--;
        }
    }

    private BigDecimal power() {
        BigDecimal base = atom();
        if (!take('^')) {
            return base;
        }
        BigDecimal exponent = signed();
        if (exponent.stripTrailingZeros().scale() > 0
                || exponent.abs().compareTo(BigDecimal.valueOf(MOST_EXPONENT)) > 0) {
            throw new ArithmeticException(
                    "an exponent must be a whole number from -" + MOST_EXPONENT + " to " + MOST_EXPONENT + ".");
        }
        int times = exponent.intValue();
        if (times >= 0) {
            return bounded(base.pow(times, new MathContext(MOST_DIGITS)));
        }
        if (base.signum() == 0) {
            throw new ArithmeticException("division by zero.");
        }
        return BigDecimal.ONE.divide(bounded(base.pow(-times, new MathContext(MOST_DIGITS))), MathContext.DECIMAL128);
    }

    private BigDecimal atom() {
        if (take('(')) {
            BigDecimal value = sum();
            if (!take(')')) {
                throw unexpected("')'");
            }
            return value;
        }
        skipSpace();
        int from = at;
        while (at < expression.length() && (isDigit(expression.charAt(at)) || expression.charAt(at) == '.')) {
            at++;
        }
        try {
            return new BigDecimal(expression.substring(from, at));
        } catch (NumberFormatException e) {
            at = from;
            throw unexpected("a number or '('");
        }
    }

    private static BigDecimal bounded(BigDecimal value) {
        if (value.precision() > MOST_DIGITS || Math.abs((long) value.scale()) > MOST_DIGITS) {
            throw new ArithmeticException("a number has more than " + MOST_DIGITS + " digits.");
        }
        return value;
    }

    private boolean take(char wanted) {
        skipSpace();
        if (at < expression.length() && expression.charAt(at) == wanted) {
            at++;
            return true;
        }
        return false;
    }

    private void skipSpace() {
        while (at < expression.length() && Character.isWhitespace(expression.charAt(at))) {
            at++;
        }
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    private ArithmeticException unexpected(String expected) {
        return new ArithmeticException("at character " + (at + 1) + " expected " + expected + ".");
    }
}
