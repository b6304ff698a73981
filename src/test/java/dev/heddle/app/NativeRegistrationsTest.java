package dev.heddle.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.annotation.JsonDeserialize;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import com.fasterxml.jackson.databind.annotation.JsonSerialize;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.HashSet;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class NativeRegistrationsTest {
    private static final String OLLAMA = "dev.langchain4j.model.ollama.";

    @Test
    void nameExactlyWhatJacksonReachesFromAChatRequestAndItsAnswer() throws ClassNotFoundException {
        RegisterForReflection registered = NativeRegistrations.class.getAnnotation(RegisterForReflection.class);
        Set<String> names = Stream.concat(
                        Stream.of(registered.classNames()),
                        Stream.of(registered.targets()).map(Class::getName))
                .collect(Collectors.toCollection(TreeSet::new));

        Set<Class<?>> reached = new HashSet<>();
        reach(Class.forName(OLLAMA + "OllamaChatRequest"), reached);
        reach(Class.forName(OLLAMA + "OllamaChatResponse"), reached);

        assertThat(names)
                .isEqualTo(reached.stream().map(Class::getName).collect(Collectors.toCollection(TreeSet::new)));
    }

    /** A type, the types of its fields and accessors, and the classes that their Jackson annotations name. */
    private static void reach(Type type, Set<Class<?>> reached) {
        if (type instanceof ParameterizedType generic) {
            for (Type argument : generic.getActualTypeArguments()) {
                reach(argument, reached);
            }
        }
        if (!(type instanceof Class<?> found) || !isOfAJar(found) || !reached.add(found)) {
            return;
        }
        annotations(found, reached);
        if (!found.getName().startsWith(OLLAMA)) {
            return;
        }
        for (Field field : found.getDeclaredFields()) {
            reach(field.getGenericType(), reached);
            annotations(field, reached);
        }
        for (Method method : found.getDeclaredMethods()) {
            if (method.getName().startsWith("get") || method.getName().startsWith("set")) {
                reach(method.getGenericReturnType(), reached);
                annotations(method, reached);
            }
        }
    }

    private static void annotations(AnnotatedElement element, Set<Class<?>> reached) {
        JsonNaming naming = element.getAnnotation(JsonNaming.class);
        if (naming != null) {
            reach(naming.value(), reached);
        }
        JsonSerialize serialize = element.getAnnotation(JsonSerialize.class);
        if (serialize != null) {
            Stream.<Class<?>>of(serialize.using(), serialize.contentUsing(), serialize.keyUsing())
                    .forEach(using -> reach(using, reached));
        }
        JsonDeserialize deserialize = element.getAnnotation(JsonDeserialize.class);
        if (deserialize != null) {
            Stream.<Class<?>>of(deserialize.using(), deserialize.contentUsing(), deserialize.builder())
                    .forEach(using -> reach(using, reached));
        }
    }

    /** Jackson's markers for "nothing given" are abstract. */
    private static boolean isOfAJar(Class<?> type) {
        boolean marker = type.getName().endsWith("$None");
        return !marker && (type.getName().startsWith(OLLAMA) || type.getName().startsWith("com.fasterxml."));
    }
}
