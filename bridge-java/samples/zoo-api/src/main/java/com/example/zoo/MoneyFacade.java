package com.example.zoo;

/** Says what T and K are, and nothing else: no method of its own has these types. */
public interface MoneyFacade extends CrudFacade<Money, Long> {}
