package dev.heddle.llm.gateway;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;

/**
 * Prices of models from one resource file:
 *
 * <pre>
 * # provider/model, from, input $/million, output $/million
 * anthropic/claude-haiku-4-5, 2025-10-15, 1, 5
 * ollama/*, 2025-01-01, 0, 0
 * </pre>
 *
 * The latest line that holds on the day counts; a line for the model itself goes before one with {@code *}. Immutable.
 */
public final class PriceList {
    private static final String RESOURCE = "prices.csv";

    private final List<Line> lines;

    private record Line(String model, LocalDate from, Price price) {}

    private PriceList(List<Line> lines) {
        this.lines = List.copyOf(lines);
    }

    /** The list that ships with Heddle. */
    public static PriceList load() {
        try (InputStream in = Objects.requireNonNull(PriceList.class.getResourceAsStream(RESOURCE), RESOURCE);
                BufferedReader reader = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
            return parse(reader.lines().toList());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A list from the lines of a file. */
    static PriceList parse(List<String> text) {
        List<Line> lines = new ArrayList<>();
        for (String line : text) {
            if (!line.isBlank() && !line.startsWith("#")) {
                String[] parts = line.split("\\s*,\\s*", -1);
                lines.add(new Line(
                        parts[0],
                        LocalDate.parse(parts[1]),
                        new Price(new BigDecimal(parts[2]), new BigDecimal(parts[3]))));
            }
        }
        return new PriceList(lines);
    }

    /**
     * What a model costs on a day.
     *
     * @throws IllegalArgumentException if the list does not know
     */
    public Price price(String provider, String model, LocalDate day) {
        String name = provider + "/" + model;
        String anyModel = provider + "/*";
        return lines.stream()
                .filter(line -> line.model().equals(name) || line.model().equals(anyModel))
                .filter(line -> !line.from().isAfter(day))
                .max(Comparator.<Line, Boolean>comparing(line -> line.model().equals(name))
                        .thenComparing(Line::from))
                .map(Line::price)
                .orElseThrow(() -> new IllegalArgumentException("Model '" + name
                        + "': no price, expected a line in prices.csv that holds on " + day + ", got none. Add one."));
    }
}
