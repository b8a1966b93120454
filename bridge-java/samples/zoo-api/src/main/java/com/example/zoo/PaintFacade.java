package com.example.zoo;

/** Enums where the signature says type variables. */
public interface PaintFacade extends CrudFacade<Color, Color> {}
