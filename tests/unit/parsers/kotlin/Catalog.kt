package com.ktshop

import java.math.BigDecimal

interface Lookup<K : Any, V> {
    fun find(key: K): V?

    fun describe(key: K): String = "key $key"
}

data class Article(val sku: String, val price: BigDecimal?, val tags: List<String> = emptyList(), var stock: Int = 0)

enum class Season { SPRING, AUTUMN }

sealed class Offer {
    data class Single(val article: Article) : Offer()
}

interface CatalogService : Lookup<String, Article> {
    fun add(article: Article, seasons: Set<Season>): Boolean

    fun offers(limit: Int?, vararg skus: String): Map<String, List<Offer>>

    fun <T : Comparable<T>> best(values: Array<T>): T

    val open: Boolean

    companion object {
        const val LIMIT = 10
    }
}
