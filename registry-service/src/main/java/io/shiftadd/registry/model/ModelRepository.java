package io.shiftadd.registry.model;

import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.data.domain.Page;
import org.springframework.data.domain.Pageable;
import org.springframework.data.jpa.repository.JpaRepository;
import org.springframework.data.jpa.repository.Query;

interface ModelRepository extends JpaRepository<Model, UUID> {

    Optional<Model> findByName(String name);

    boolean existsByLocation(String location);

    List<Model> findByParentIdOrderByCreatedAt(UUID parent);

    @Query("""
            select m from Model m
            where (:kind is null or m.kind = :kind)
              and (:family is null or m.family = :family)
              and (:text is null or lower(m.name) like lower(concat('%', cast(:text as string), '%')) escape '\\')
            """)
    Page<Model> search(@Nullable ModelKind kind, @Nullable String family, @Nullable String text, Pageable page);
}
